// A zip whose bytes depend on nothing but names and contents: sorted, without compression, everything of the same date.
import { crc32 } from './crc32.mjs';

const version = 10; // of the format that is needed to read it
const date = 0x0021; // 1 January 1980, the first that there is

// common is what both records of a file have in common.
function common(name, contents) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(version, 0);
    fields.writeUInt16LE(date, 8);
    fields.writeUInt32LE(crc32(contents), 10);
    fields.writeUInt32LE(contents.length, 14);
    fields.writeUInt32LE(contents.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    return fields;
}

function local(name, contents) {
    return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common(name, contents), Buffer.from(name), contents]);
}

function central(name, contents, offset) {
    const made = Buffer.alloc(2);
    made.writeUInt16LE(version);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), made, common(name, contents), rest, Buffer.from(name)]);
}

function end(count, size, offset) {
    const fields = Buffer.alloc(22);
    fields.write('PK\x05\x06', 'latin1');
    fields.writeUInt16LE(count, 8);
    fields.writeUInt16LE(count, 10);
    fields.writeUInt32LE(size, 12);
    fields.writeUInt32LE(offset, 16);
    return fields;
}

// zip packs files, a Map from name to contents.
export function zip(files) {
    const names = [...files.keys()].sort();
    const records = [];
    const directory = [];
    let offset = 0;
    for (const name of names) {
        const record = local(name, files.get(name));
        directory.push(central(name, files.get(name), offset));
        records.push(record);
        offset += record.length;
    }
    const size = directory.reduce((sum, entry) => sum + entry.length, 0);
    return Buffer.concat([...records, ...directory, end(names.length, size, offset)]);
}
