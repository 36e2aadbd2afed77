// Loads a package as a server does: with the parser and the bundler of the Apps-Engine itself, and then within a function
// that has nothing but the modules that a server lets an app have.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const engine = 'apps-engine-server';
const { AppPackageParser } = require(`${engine}/server/compiler/AppPackageParser`);
const { bundleLegacyApp } = require(`${engine}/server/runtime/deno/bundler`);

const nativeModules = ['path', 'url', 'crypto', 'buffer', 'stream', 'net', 'http', 'https', 'zlib', 'util', 'punycode', 'os', 'querystring', 'fs'];
const definitions = '@rocket.chat/apps-engine/';

function allowed(name) {
    const native = name.replace('node:', '');
    if (nativeModules.includes(native)) {
        return require(`node:${native}`);
    }
    if (name.startsWith(definitions)) {
        return require(`${engine}/${name.slice(definitions.length)}`);
    }
    throw new Error(`an app may not use the module ${name}`);
}

// parse is what the server's loader says of a package. It throws what the administrator would see.
export async function parse(file) {
    return new AppPackageParser().unpackageApp(readFileSync(file));
}

// construct makes the app of a package.
export async function construct(parsed, logger, accessors) {
    await bundleLegacyApp(parsed);
    const code = parsed.files[parsed.info.classFile];
    const run = new Function('require', 'globalThis', 'Deno', 'fetch', 'process', `
        const exports = {};
        const module = { exports };
        return (async () => { ${code}; })().then(() => module.exports);`);
    const [appClass] = Object.values(await run(allowed));
    return new appClass(parsed.info, logger, accessors);
}
