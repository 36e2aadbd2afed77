/** What people read where the bot itself cannot say it: what is wrong, then what to do. */
export const words = {
    unset: 'Boswell is not set up on this server yet. An administrator fills in the address of the bot and the shared secret in the settings of the app.',
    away: 'Boswell does not answer. Try again in a minute; if it took this all the same, the incident shows it.',
    refused: 'Boswell does not trust this server. An administrator compares the shared secret in the settings of the app with app_secret of the bot, and the clocks of both machines.',
    nowhere: 'There is no Boswell at the address in the settings of the app. An administrator compares it with listen of the bot.',
    garbled: 'I could not read what Boswell answered. An administrator checks whether the address in the settings of the app is that of the bot, and whether both are of the same age.',
    noForm: 'I could not open a form here.',
};
