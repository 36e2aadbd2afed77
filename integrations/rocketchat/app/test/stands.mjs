// What stands in for the accessors that a server gives to an app. Each asks for the permission that a server asks for.
import { sent } from './wire.mjs';

// permitted keeps the permissions of an app, and which of them were needed.
export function permitted(permissions) {
    const used = new Set();
    return {
        used: () => [...used].sort(),
        need(name) {
            if (!permissions.some((permission) => permission.name === name)) {
                throw new Error(`the app lacks the permission ${name}`);
            }
            used.add(name);
        },
    };
}

// builder makes a message, of which a server wants the room.
function builder() {
    const message = {};
    const chain = {
        setRoom: (room) => Object.assign(message, { room }) && chain,
        setText: (text) => Object.assign(message, { text }) && chain,
        setThreadId: (threadId) => Object.assign(message, { threadId }) && chain,
        setBlocks: (blocks) => Object.assign(message, { blocks }) && chain,
        getMessage() {
            if (!message.room) {
                throw new Error('the "room" property is required');
            }
            return message;
        },
    };
    return chain;
}

// post sends a request as a server does: the content as it is, within the time that the app gives.
async function post(url, { content, headers, timeout }) {
    const response = await fetch(url, { method: 'post', body: content, headers, signal: AbortSignal.timeout(timeout ?? 180000) });
    return { url, method: 'post', statusCode: response.status, headers: Object.fromEntries(response.headers), content: await response.text() };
}

// stands are the accessors, over a world of settings, people and rooms in which is noted what is shown.
export function stands(world, permissions) {
    const reader = (things, permission) => ({
        async getById(id) {
            permissions.need(permission);
            return sent(things()[id]);
        },
    });
    const settings = {
        async getValueById(id) {
            if (!(id in world.settings)) {
                throw new Error(`Setting "${id}" does not exist.`);
            }
            return world.settings[id];
        },
    };
    const notifier = {
        getMessageBuilder: builder,
        async notifyUser(user, message) {
            permissions.need('message.write');
            const { room, threadId, text, blocks } = sent(message);
            world.shown.push({ user: sent(user).id, room: room.id, thread: threadId, text, blocks });
        },
    };
    const controller = {
        async openSurfaceView(view, { triggerId }, user) {
            permissions.need('ui.interact');
            if (!triggerId || view.type !== 'modal') {
                throw new Error('a modal needs a trigger');
            }
            world.shown.push({ user: sent(user).id, modal: sent(view) });
        },
    };
    const register = (list, permission) => (thing) => {
        if (permission) {
            permissions.need(permission);
        }
        world.registered[list].push(sent(thing));
        world.kept[list]?.push(thing);
    };
    return {
        read: {
            getEnvironmentReader: () => ({ getSettings: () => settings }),
            getRoomReader: () => reader(() => world.rooms, 'room.read'),
            getUserReader: () => reader(() => world.users, 'user.read'),
        },
        modify: { getNotifier: () => notifier, getUiController: () => controller },
        http: {
            async post(url, request) {
                permissions.need('networking');
                return sent(await post(url, sent(request)));
            },
        },
        persistence: {},
        configuration: {
            settings: { provideSetting: async (setting) => {
                world.settings[setting.id] = setting.packageValue;
                register('settings')(setting);
            } },
            slashCommands: { provideSlashCommand: async (command) => register('commands', 'slashcommand')(command) },
            api: { provideApi: async (api) => api.endpoints.forEach(register('endpoints', 'api')) },
            ui: { registerButton: register('buttons', 'ui.registerButtons') },
        },
    };
}
