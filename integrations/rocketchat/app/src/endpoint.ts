import { HttpStatusCode, type IModify, type IRead } from '@rocket.chat/apps-engine/definition/accessors';
import { ApiEndpoint, type IApiEndpointInfo, type IApiRequest, type IApiResponse } from '@rocket.chat/apps-engine/definition/api';
import { UIKitSurfaceType } from '@rocket.chat/apps-engine/definition/uikit';
import { UserStatusConnection } from '@rocket.chat/apps-engine/definition/users';

import type { Answer, Whisper } from './bot';
import { target } from './settings';
import { whisper } from './show';
import { vouched } from './sign';

type Whispering = { kind: 'whisper'; user: string; room: string; thread?: string; message: Whisper };
type Opening = { kind: 'modal'; user: string; triggerId: string; modal: NonNullable<Answer['modal']> };

/** What the bot asks for by itself. A hello asks for nothing: it finds out whether both have the same secret. */
type Wish = Whispering | Opening | { kind: 'hello' };

/**
 * The address by which the bot shows something later. A server hands on the body of a request only as it has read it, never
 * its bytes, so what is signed is a text within the body.
 */
export class Endpoint extends ApiEndpoint {
    public path = 'boswell';

    public async post(request: IApiRequest, _: IApiEndpointInfo, read: IRead, modify: IModify): Promise<IApiResponse> {
        const to = await target(read);
        const payload = request.content?.payload;
        if (!to || typeof payload !== 'string' || !vouched(to.secret, request.headers, payload)) {
            return this.refuse(HttpStatusCode.UNAUTHORIZED, 'not signed with the shared secret');
        }
        const wish = wishOf(payload);
        switch (wish?.kind) {
            case 'whisper':
                return this.whisper(wish, read, modify);
            case 'modal':
                return this.open(wish, read, modify);
            case 'hello':
                return this.json({ status: HttpStatusCode.OK, content: {} });
            default:
                return this.refuse(HttpStatusCode.BAD_REQUEST, 'this version of the app does not know what to do');
        }
    }

    /** Says whether somebody was there to see it: what is shown to one person alone is kept nowhere. */
    private async whisper(wish: Whispering, read: IRead, modify: IModify): Promise<IApiResponse> {
        const user = await read.getUserReader().getById(wish.user);
        const room = await read.getRoomReader().getById(wish.room);
        if (!user || !room) {
            return this.refuse(HttpStatusCode.NOT_FOUND, 'there is no such person or room');
        }
        const shown = user.statusConnection !== UserStatusConnection.OFFLINE;
        if (shown) {
            await whisper(modify.getNotifier(), { user, room, thread: wish.thread }, wish.message);
        }
        return this.json({ status: HttpStatusCode.OK, content: { shown } });
    }

    private async open(wish: Opening, read: IRead, modify: IModify): Promise<IApiResponse> {
        const user = await read.getUserReader().getById(wish.user);
        if (!user) {
            return this.refuse(HttpStatusCode.NOT_FOUND, 'there is no such person');
        }
        const view = { ...wish.modal, type: UIKitSurfaceType.MODAL };
        await modify.getUiController().openSurfaceView(view, { triggerId: wish.triggerId }, user);
        return this.json({ status: HttpStatusCode.OK, content: {} });
    }

    private refuse(status: HttpStatusCode, error: string): IApiResponse {
        return this.json({ status, content: { error } });
    }
}

function wishOf(payload: string): Wish | undefined {
    try {
        const wish = JSON.parse(payload);
        const complete = wish?.kind === 'hello' || wish?.kind === 'whisper' && wish.message || wish?.kind === 'modal' && wish.modal;
        return complete ? wish : undefined;
    } catch {
        return undefined;
    }
}
