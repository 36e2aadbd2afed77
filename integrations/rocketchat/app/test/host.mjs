// Plays the server around the app: node test/host.mjs package.zip
//
// What people do comes as lines of JSON on standard input; each is answered by one line that says what they were shown.
// What the server does by itself (the settings, the rooms and people it knows) comes the same way. The bot reaches the app
// over HTTP, at the address in the first line.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { construct, parse } from './load.mjs';
import { permitted, stands } from './stands.mjs';
import { sent } from './wire.mjs';

const require = createRequire(import.meta.url);
const { SlashCommandContext } = require('apps-engine-server/definition/slashcommands/SlashCommandContext');
const contexts = require('apps-engine-server/definition/uikit/UIKitInteractionContext');

const logs = [];
const log = (...words) => logs.push(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));
const logger = { debug: log, info: log, log, warn: log, error: log };

const parsed = await parse(process.argv[2]);
const world = {
    settings: {}, users: {}, rooms: {}, shown: [],
    registered: { settings: [], commands: [], buttons: [], endpoints: [] }, // as the server knows it
    kept: { commands: [], endpoints: [] }, // as the app has it
};
const permissions = permitted(parsed.info.permissions);
const accessors = stands(world, permissions);
const app = await construct(parsed, logger, {});
await app.initialize(accessors.configuration, accessors.read.getEnvironmentReader());

// split takes a line apart as the server does: quotes keep blanks together, and are lost.
function split(line) {
    const words = line.match(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g) ?? [];
    return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

function slash({ user, room, line, thread, triggerId }) {
    const given = sent({ sender: world.users[user], room: world.rooms[room], params: split(line), thread, triggerId });
    return new SlashCommandContext(given.sender, given.room, given.params, given.thread, given.triggerId);
}

const { read, modify, http, persistence } = accessors;
const command = () => world.kept.commands[0];
const interaction = (kind, data) => new contexts[kind](sent({ appId: parsed.info.id, ...data, user: world.users[data.user], room: world.rooms[data.room] }));

// know takes facts of the world: settings, people, rooms, and what time it is.
function know({ settings, now, ...facts }) {
    Object.assign(world.settings, settings);
    Object.assign(world, facts);
    if (now) {
        Date.now = () => now;
    }
}

const deeds = {
    know,
    type: (deed) => command().executor(slash(deed), read, modify, http, persistence),
    preview: (deed) => command().previewer(slash(deed), read, modify, http, persistence),
    choose: (deed) => command().executePreviewItem(deed.item, slash(deed), read, modify, http, persistence),
    call: (deed) => app.executeActionButtonHandler(interaction('UIKitActionButtonInteractionContext', deed), read, http, persistence, modify),
    press: (deed) => app.executeBlockActionHandler(interaction('UIKitBlockInteractionContext', deed), read, http, persistence, modify),
    submit: (deed) => app.executeViewSubmitHandler(interaction('UIKitViewSubmitInteractionContext', deed), read, http, persistence, modify),
    look: () => ({ registered: world.registered, permissions: permissions.used(), logs }),
};

// endpoint is the app's own address: an app is given the body as the server has read it, and headers in lower case.
const endpoint = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) {
        chunks.push(chunk);
    }
    const api = world.kept.endpoints.find((e) => request.url === `/api/apps/public/${parsed.info.id}/${e.path}`);
    if (!api || request.method !== 'POST') {
        response.writeHead(404).end();
        return;
    }
    const given = { method: 'post', headers: request.headers, query: {}, params: {}, content: JSON.parse(Buffer.concat(chunks).toString()) };
    const answer = sent(await api.post(sent(given), {}, read, modify, http, persistence));
    response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.content));
});
endpoint.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ address: `http://127.0.0.1:${endpoint.address().port}` })));

for await (const text of createInterface({ input: process.stdin })) {
    const { do: deed, ...rest } = JSON.parse(text);
    const before = world.shown.length;
    let line;
    try {
        const response = sent(await deeds[deed](rest));
        line = { response };
    } catch (error) {
        line = { failed: String(error) };
    }
    console.log(JSON.stringify({ ...line, shown: deed === 'look' ? world.shown : world.shown.slice(before) }));
}
endpoint.close();
