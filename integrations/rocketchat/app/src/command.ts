import type { IHttp, IModify, IPersistence, IRead } from '@rocket.chat/apps-engine/definition/accessors';
import type { App } from '@rocket.chat/apps-engine/definition/App';
import {
    type ISlashCommand, type ISlashCommandPreview, type ISlashCommandPreviewItem, type SlashCommandContext, SlashCommandPreviewItemType,
} from '@rocket.chat/apps-engine/definition/slashcommands';

import { about, ask, type Request, type Tools } from './bot';
import { answerCommand } from './show';

/** `/incident`. What could complete a line is shown while it is typed; choosing one of them runs it. */
export class IncidentCommand implements ISlashCommand {
    public command = 'incident';
    public i18nParamsExample = 'incident_params';
    public i18nDescription = 'incident_description';
    public providesPreview = true;

    // A command is sent to the server when it is registered. Of what it holds, only the app itself is left out.
    constructor(private readonly app: App) {}

    public async executor(context: SlashCommandContext, read: IRead, modify: IModify, http: IHttp): Promise<void> {
        await this.run(context, { read, modify, http, logger: this.app.getLogger() }, { line: lineOf(context) });
    }

    public async previewer(context: SlashCommandContext, read: IRead, modify: IModify, http: IHttp): Promise<ISlashCommandPreview> {
        const tools = { read, modify, http, logger: this.app.getLogger() };
        const answer = await ask(tools, { ...this.asked(context), kind: 'preview', line: lineOf(context) });
        // Without completions the client sends the line as it stands, which is how somebody learns what is wrong.
        const items = (answer.previews ?? []).map(({ id, label }) => ({ id, type: SlashCommandPreviewItemType.TEXT, value: label }));
        return { i18nTitle: 'completions', items };
    }

    public async executePreviewItem(
        item: ISlashCommandPreviewItem, context: SlashCommandContext, read: IRead, modify: IModify, http: IHttp, _: IPersistence,
    ): Promise<void> {
        await this.run(context, { read, modify, http, logger: this.app.getLogger() }, { line: item.id, chosen: true });
    }

    private async run(context: SlashCommandContext, tools: Tools, what: Pick<Request, 'line' | 'chosen'>): Promise<void> {
        const answer = await ask(tools, { ...this.asked(context), kind: 'command', ...what });
        const to = { user: context.getSender(), room: context.getRoom(), thread: context.getThreadId() };
        await answerCommand(tools, to, context.getTriggerId(), answer);
    }

    private asked(context: SlashCommandContext) {
        return { ...about(context.getSender(), context.getRoom(), context.getTriggerId()), thread: context.getThreadId() };
    }
}

/** The line as far as it is known: the server splits it into words and drops the quotes. Words with blanks in them had some. */
export function lineOf(context: SlashCommandContext): string {
    return context.getArguments().map(quoted).join(' ');
}

function quoted(word: string): string {
    const [, name, value] = /^([a-z][a-z-]*:)?([^]*)$/.exec(word) ?? ['', '', word];
    return /\s/.test(value) ? `${name ?? ''}"${value}"` : word;
}
