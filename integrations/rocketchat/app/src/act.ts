import type {
    IUIKitResponse,
    UIKitActionButtonInteractionContext,
    UIKitBlockInteractionContext,
    UIKitViewSubmitInteractionContext,
} from '@rocket.chat/apps-engine/definition/uikit';

import { about, ask, type Answer, type Tools } from './bot';
import { respond } from './show';

/** Somebody chose an action from the menu of a message. */
export async function called(context: UIKitActionButtonInteractionContext, tools: Tools): Promise<IUIKitResponse> {
    const { user, room, triggerId, actionId, message } = context.getInteractionData();
    const thread = message?.threadId;
    const answer = await ask(tools, { ...about(user, room, triggerId), kind: 'action', action: actionId, message: message?.id, thread });
    return respond(tools, context, { user, room, thread }, answer);
}

/** Somebody pressed a button of a message. */
export async function pressed(context: UIKitBlockInteractionContext, tools: Tools): Promise<IUIKitResponse> {
    const { user, room, triggerId, actionId, value, message } = context.getInteractionData();
    const thread = message?.threadId;
    const answer = await ask(tools, {
        ...about(user, room, triggerId), kind: 'press', action: actionId, value, message: message?.id, thread,
    });
    return respond(tools, context, { user, room, thread }, answer);
}

/** Somebody filled in a form. It stays open as long as something is wrong, so that nothing has to be typed twice. */
export async function submitted(context: UIKitViewSubmitInteractionContext, tools: Tools): Promise<IUIKitResponse> {
    const { user, room, triggerId, view } = context.getInteractionData();
    const state = (view.state ?? {}) as State;
    const answer = await ask(tools, { ...about(user, room, triggerId), kind: 'submit', view: { id: view.id, state } });
    const errors = answer.errors ?? wrong(state, answer);
    if (errors) {
        return context.getInteractionResponder().viewErrorResponse({ viewId: view.id, errors });
    }
    return respond(tools, context, { user, room }, answer);
}

type State = { [block: string]: { [field: string]: unknown } };

/** Says at the first field what is wrong with all of it: a form has no other place for it. */
function wrong(state: State, answer: Answer): { [field: string]: string } | undefined {
    const first = Object.values(state).flatMap((fields) => Object.keys(fields))[0] ?? Object.keys(state)[0];
    return answer.error && first ? { [first]: answer.error } : undefined;
}
