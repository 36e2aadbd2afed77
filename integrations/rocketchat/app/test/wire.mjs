// What passes between an app and its server is written as msgpack: functions and the app itself are lost on the way, and
// what is undefined arrives as null.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { decode, encode, ExtensionCodec } = require('@msgpack/msgpack');
const { App } = require('apps-engine-server/definition/App');

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
    type: 0,
    encode: (value) => (typeof value === 'function' || value instanceof App ? new Uint8Array(0) : null),
    decode: () => undefined,
});

// sent is a value as it arrives on the other side.
export function sent(value) {
    return decode(encode(value, { extensionCodec }), { extensionCodec });
}
