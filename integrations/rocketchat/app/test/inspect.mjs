// Says in JSON what a server's loader makes of a package: node test/inspect.mjs package.zip version…
import { createRequire } from 'node:module';

import { parse } from './load.mjs';

const semver = createRequire(import.meta.url)('semver');
const [file, ...versions] = process.argv.slice(2);
const { info, files, languageContent, implemented } = await parse(file);
console.log(JSON.stringify({
    id: info.id,
    classFile: info.classFile,
    icon: info.iconFileContent?.slice(0, 22) ?? '',
    files: Object.keys(files),
    languages: languageContent,
    implements: Object.entries(implemented.getValues()).filter(([, yes]) => yes).map(([name]) => name),
    refusedBy: versions.filter((version) => !semver.satisfies(version, info.requiredApiVersion)),
}));
