// The checksum of both PNG and zip, by the polynomial that they have in common.
const table = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) {
        n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    }
    return n;
});

export function crc32(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) {
        sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    }
    return (sum ^ 0xffffffff) >>> 0;
}
