import type { INotifier, IRead } from '@rocket.chat/apps-engine/definition/accessors';
import type { IRoom } from '@rocket.chat/apps-engine/definition/rooms';
import { type UIKitInteractionContext, UIKitSurfaceType } from '@rocket.chat/apps-engine/definition/uikit';
import type { IUIKitResponse } from '@rocket.chat/apps-engine/definition/uikit';
import type { IUser } from '@rocket.chat/apps-engine/definition/users';

import type { Answer, Tools, Whisper } from './bot';
import { words } from './words';

/** Who sees an answer, and where. */
export interface Reader {
    user: IUser;
    room?: IRoom;
    thread?: string;
}

/** Shows a message to one person alone, for as long as their client is open. */
export async function whisper(notifier: INotifier, to: Reader & { room: IRoom }, message: Whisper): Promise<void> {
    const builder = notifier.getMessageBuilder().setRoom(to.room).setText(message.text);
    if (to.thread) {
        builder.setThreadId(to.thread);
    }
    if (message.blocks?.length) {
        builder.setBlocks(message.blocks);
    }
    await notifier.notifyUser(to.user, builder.getMessage());
}

/** Shows what an answer has to read. */
export async function say(tools: Tools, to: Reader, answer: Answer): Promise<void> {
    const messages = [...(answer.ephemeral ?? []), ...(answer.error ? [{ text: answer.error }] : [])];
    const room = await roomOf(tools.read, to, answer);
    if (!room) {
        return;
    }
    for (const message of messages) {
        await whisper(tools.modify.getNotifier(), { user: to.user, room, thread: answer.thread ?? to.thread }, message);
    }
}

/** The room that an answer is for: the one that it names, else where it was asked for. */
async function roomOf(read: IRead, to: Reader, answer: Answer): Promise<IRoom | undefined> {
    if (answer.room && answer.room !== to.room?.id) {
        return (await read.getRoomReader().getById(answer.room)) ?? to.room;
    }
    return to.room;
}

/** Shows an answer to something that was done with a button, a form or the menu of a message. */
export async function respond(tools: Tools, context: UIKitInteractionContext, to: Reader, answer: Answer): Promise<IUIKitResponse> {
    await say(tools, to, answer);
    const responder = context.getInteractionResponder();
    return answer.modal ? responder.openModalViewResponse(answer.modal) : responder.successResponse();
}

/** Shows an answer to a command. What to type instead is shown where the form cannot be opened. */
export async function answerCommand(tools: Tools, to: Reader, triggerId: string | undefined, answer: Answer): Promise<void> {
    await say(tools, to, answer);
    if (!answer.modal) {
        return;
    }
    try {
        const view = { ...answer.modal, type: UIKitSurfaceType.MODAL };
        await tools.modify.getUiController().openSurfaceView(view, { triggerId: triggerId ?? '' }, to.user);
    } catch (error) {
        tools.logger.warn(`Could not open a form: ${error instanceof Error ? error.message : error}`);
        await say(tools, to, { ephemeral: [{ text: answer.instead ?? words.noForm }], room: answer.room, thread: answer.thread });
    }
}
