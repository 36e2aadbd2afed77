// Makes the package that an administrator uploads to a Rocket.Chat server:
//
//     npm run package
//
// What tsc compiled is in build/. The same sources make the same bytes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { icon } from './icon.mjs';
import { zip } from './zip.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [target] = process.argv.slice(2);
if (!target) {
    throw new Error('name the file to write, as in: node pack/pack.mjs boswell-rocketchat-app.zip');
}
const files = new Map([['app.json', readFileSync(join(root, 'app.json'))], ['icon.png', icon()]]);
for (const [folder, ending, inside] of [['build', '.js', ''], ['i18n', '.json', 'i18n/']]) {
    for (const name of readdirSync(join(root, folder)).filter((name) => name.endsWith(ending))) {
        files.set(inside + name, readFileSync(join(root, folder, name)));
    }
}
writeFileSync(target, zip(files));
