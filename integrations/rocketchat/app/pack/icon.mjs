// The icon of the app: a white B on the green of the site. It is drawn when the package is made, and nothing is compressed, so
// that the bytes depend on no version of any library.
import { crc32 } from './crc32.mjs';

const side = 128; // pixels
const grid = 32; // the unit that the shapes below are given in
const stroke = 1.3; // half the width of a line
const shades = 16;
const ground = [0x0b, 0x6e, 0x63];

// Both bowls of the letter. The corners on the left are nearly sharp, those on the right round.
const bowls = [
    { left: 9, top: 8, right: 21.5, bottom: 15.8 },
    { left: 9, top: 15.8, right: 23.2, bottom: 24 },
];

// distance is how far a point is from the outline of a bowl.
function distance({ left, top, right, bottom }, x, y) {
    const dx = x - (left + right) / 2;
    const dy = y - (top + bottom) / 2;
    const radius = dx > 0 ? (bottom - top) / 2 : 0.3;
    const outX = Math.abs(dx) - (right - left) / 2 + radius;
    const outY = Math.abs(dy) - (bottom - top) / 2 + radius;
    return Math.abs(Math.min(Math.max(outX, outY), 0) + Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) - radius);
}

// shade is how white a pixel is, from 0 to 15.
function shade(column, row) {
    const x = ((column + 0.5) * grid) / side;
    const y = ((row + 0.5) * grid) / side;
    const near = Math.min(...bowls.map((bowl) => distance(bowl, x, y)));
    const white = Math.min(Math.max(0.5 + ((stroke - near) * side) / grid, 0), 1);
    return Math.round(white * (shades - 1));
}

// pixels are the rows, four bits for each pixel, with the filter of each row (none) before it.
function pixels() {
    const rows = Buffer.alloc((side / 2 + 1) * side);
    for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column += 2) {
            rows[row * (side / 2 + 1) + 1 + column / 2] = (shade(column, row) << 4) | shade(column + 1, row);
        }
    }
    return rows;
}

function palette() {
    return Buffer.from(Array.from({ length: shades }, (_, n) => ground.map((c) => Math.round(c + ((255 - c) * n) / (shades - 1)))).flat());
}

// stored wraps bytes as a zlib stream of one block that is not compressed.
function stored(bytes) {
    let [a, b] = [1, 0];
    for (const byte of bytes) {
        a = (a + byte) % 65521;
        b = (b + a) % 65521;
    }
    const head = Buffer.from([0x78, 0x01, 0x01, 0, 0, 0, 0]);
    head.writeUInt16LE(bytes.length, 3);
    head.writeUInt16LE(~bytes.length & 0xffff, 5);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(((b << 16) | a) >>> 0);
    return Buffer.concat([head, bytes, sum]);
}

function chunk(kind, data) {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
}

// icon is the picture as a PNG.
export function icon() {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(side, 0);
    header.writeUInt32BE(side, 4);
    header.set([4, 3], 8); // four bits, with a palette
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([signature, chunk('IHDR', header), chunk('PLTE', palette()), chunk('IDAT', stored(pixels())), chunk('IEND', Buffer.alloc(0))]);
}
