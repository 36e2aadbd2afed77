import type { IConfigurationExtend, IHttp, IModify, IPersistence, IRead } from '@rocket.chat/apps-engine/definition/accessors';
import { ApiSecurity, ApiVisibility } from '@rocket.chat/apps-engine/definition/api';
import { App } from '@rocket.chat/apps-engine/definition/App';
import { MessageActionContext, UIActionButtonContext } from '@rocket.chat/apps-engine/definition/ui';
import type {
    IUIKitInteractionHandler,
    IUIKitResponse,
    UIKitActionButtonInteractionContext,
    UIKitBlockInteractionContext,
    UIKitViewSubmitInteractionContext,
} from '@rocket.chat/apps-engine/definition/uikit';

import { called, pressed, submitted } from './act';
import { IncidentCommand } from './command';
import { Endpoint } from './endpoint';
import { settings } from './settings';

/** What the menu of every message offers. The names are those that the bot knows, and those of the labels. */
const messageActions = ['add_to_timeline', 'supporting'];

/** The app hands on what people do, and shows what the bot answers. It decides nothing and keeps nothing. */
export class BoswellApp extends App implements IUIKitInteractionHandler {
    public async executeActionButtonHandler(
        context: UIKitActionButtonInteractionContext, read: IRead, http: IHttp, _: IPersistence, modify: IModify,
    ): Promise<IUIKitResponse> {
        return called(context, { read, http, modify, logger: this.getLogger() });
    }

    public async executeBlockActionHandler(
        context: UIKitBlockInteractionContext, read: IRead, http: IHttp, _: IPersistence, modify: IModify,
    ): Promise<IUIKitResponse> {
        return pressed(context, { read, http, modify, logger: this.getLogger() });
    }

    public async executeViewSubmitHandler(
        context: UIKitViewSubmitInteractionContext, read: IRead, http: IHttp, _: IPersistence, modify: IModify,
    ): Promise<IUIKitResponse> {
        return submitted(context, { read, http, modify, logger: this.getLogger() });
    }

    protected async extendConfiguration(configuration: IConfigurationExtend): Promise<void> {
        for (const setting of settings) {
            await configuration.settings.provideSetting(setting);
        }
        await configuration.slashCommands.provideSlashCommand(new IncidentCommand(this));
        // Anybody can find a public address. What arrives there counts for nothing without the signature.
        await configuration.api.provideApi({
            visibility: ApiVisibility.PUBLIC,
            security: ApiSecurity.UNSECURE,
            endpoints: [new Endpoint(this)],
        });
        for (const actionId of messageActions) {
            configuration.ui.registerButton({
                actionId,
                labelI18n: actionId,
                context: UIActionButtonContext.MESSAGE_ACTION,
                when: { messageActionContext: [MessageActionContext.MESSAGE, MessageActionContext.MESSAGE_MOBILE, MessageActionContext.THREADS] },
            });
        }
    }
}
