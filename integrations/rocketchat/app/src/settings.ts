import type { IRead } from '@rocket.chat/apps-engine/definition/accessors';
import { type ISetting, SettingType } from '@rocket.chat/apps-engine/definition/settings';

const url = 'bot_url';
const secret = 'secret';

/** What an administrator fills in. Both are seen by administrators alone. */
export const settings: ISetting[] = [
    {
        id: url, type: SettingType.STRING, packageValue: '', required: true, public: false,
        i18nLabel: 'bot_url', i18nDescription: 'bot_url_description',
    },
    {
        id: secret, type: SettingType.PASSWORD, packageValue: '', required: true, public: false,
        i18nLabel: 'secret', i18nDescription: 'secret_description',
    },
];

/** Where the bot is, and what requests to and from it are signed with. */
export interface Target {
    url: string;
    secret: string;
}

/** The settings as they are filled in, or nothing as long as they are not. */
export async function target(read: IRead): Promise<Target | undefined> {
    const values = read.getEnvironmentReader().getSettings();
    const found = {
        url: String(await values.getValueById(url) ?? '').trim(),
        secret: String(await values.getValueById(secret) ?? '').trim(),
    };
    return /^https?:\/\/./.test(found.url) && found.secret ? found : undefined;
}
