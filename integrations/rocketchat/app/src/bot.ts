import type { IHttp, IHttpResponse, ILogger, IModify, IRead } from '@rocket.chat/apps-engine/definition/accessors';
import type { IRoom } from '@rocket.chat/apps-engine/definition/rooms';
import { RoomType } from '@rocket.chat/apps-engine/definition/rooms';
import type { IUIKitModalViewParam } from '@rocket.chat/apps-engine/definition/uikit/UIKitInteractionResponder';
import type { IUser } from '@rocket.chat/apps-engine/definition/users';
import { randomBytes } from 'crypto';

import { target } from './settings';
import { signed } from './sign';
import { words } from './words';

/** What a handler is given by the server to work with. */
export interface Tools {
    read: IRead;
    http: IHttp;
    modify: IModify;
    logger: ILogger;
}

/** What somebody did, as the bot is told of it. The id is the same however often it is sent. */
export interface Request {
    id: string;
    kind: 'command' | 'preview' | 'action' | 'press' | 'submit';
    user: { id: string; username: string; name: string };
    room?: { id: string; name?: string; type: string; members?: string[] };
    thread?: string;
    triggerId?: string;
    line?: string;
    chosen?: boolean;
    action?: string;
    value?: string;
    message?: string;
    view?: { id: string; state: object };
}

/** A message for one person. Where it has blocks, clients show them in place of the text. */
export interface Whisper {
    text: string;
    blocks?: any[];
}

/** What the bot answers. Everything may be missing: then there is nothing to show. */
export interface Answer {
    ephemeral?: Whisper[];
    room?: string;
    thread?: string;
    modal?: IUIKitModalViewParam;
    instead?: string;
    errors?: { [field: string]: string };
    previews?: { id: string; label: string }[];
    error?: string;
}

/** One attempt ends before the client takes the trigger of a form back, which it does after five seconds. */
const timeout = 4000;

/** A second attempt is made only where the first failed so soon that both fit. */
const soon = 500;

/** Everything a request says about who did something where. The trigger is used once, so it names what was done. */
export function about(user: IUser, room?: IRoom, triggerId?: string): Pick<Request, 'id' | 'user' | 'room' | 'triggerId'> {
    return {
        id: triggerId || randomBytes(12).toString('hex'),
        user: { id: user.id, username: user.username, name: user.name },
        room: room && {
            id: room.id,
            name: room.slugifiedName,
            type: room.type,
            members: room.type === RoomType.DIRECT_MESSAGE ? room.userIds : undefined,
        },
        triggerId,
    };
}

/** Tells the bot and returns its answer. What goes wrong becomes an answer in words for the person. */
export async function ask(tools: Tools, request: Request): Promise<Answer> {
    const to = await target(tools.read);
    if (!to) {
        return { error: words.unset };
    }
    const content = JSON.stringify(request);
    const began = Date.now();
    const send = () => tools.http.post(to.url, {
        content, timeout, headers: { 'Content-Type': 'application/json', ...signed(to.secret, content) },
    });
    let response = await send().catch(() => undefined);
    if (passing(response) && Date.now() - began < soon) {
        response = await send().catch(() => undefined);
    }
    if (response?.statusCode !== 200) {
        tools.logger.warn(`The bot answered a ${request.kind} with ${response?.statusCode ?? 'nothing'}.`);
    }
    return understood(response);
}

/** Whether trying once more may help. */
function passing(response: IHttpResponse | undefined): boolean {
    return !response || [502, 503, 504].includes(response.statusCode);
}

/** What a response says. The bot's own words for what is wrong come before ours. */
function understood(response: IHttpResponse | undefined): Answer {
    if (!response) {
        return { error: words.away };
    }
    const answer = parsed(response.content);
    if (response.statusCode === 200) {
        return answer ?? { error: words.garbled };
    }
    return { error: answer?.error ?? inWords(response.statusCode) };
}

function parsed(content: string | undefined): Answer | undefined {
    try {
        const value = JSON.parse(content ?? '');
        return value && typeof value === 'object' ? value : undefined;
    } catch {
        return undefined;
    }
}

function inWords(status: number): string {
    switch (status) {
        case 401:
        case 403:
            return words.refused;
        case 404:
        case 405:
            return words.nowhere;
        default:
            return words.away;
    }
}
