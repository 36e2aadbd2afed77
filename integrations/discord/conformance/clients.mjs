// Runs discord.js, the client that Discord recommends, against the simulator and reports on standard output what it saw.
// The address of the simulator is the first argument, the token the second, a channel the third.
import { Client, GatewayIntentBits, Partials, REST, Routes } from "discord.js";

const [base, token, channelID] = process.argv.slice(2);
const seen = (what, more = {}) => console.log(JSON.stringify({ seen: what, ...more }));
const client = new Client({
  intents: [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.GuildMessageReactions,
    GatewayIntentBits.DirectMessages,
    GatewayIntentBits.DirectMessageReactions,
    GatewayIntentBits.MessageContent,
  ],
  partials: [Partials.Channel, Partials.Message, Partials.Reaction],
  rest: { api: `${base}/api`, cdn: `${base}/cdn`, userAgentAppendix: "conformance" },
});

client.on("clientReady", () => seen("ready", { tag: client.user.username, guilds: client.guilds.cache.size }));
client.on("shardResume", () => seen("resumed"));
client.on("error", (error) => seen("error", { message: String(error) }));
client.on("messageUpdate", (_, now) => seen("edited", { content: now.content }));
client.on("messageDelete", (m) => seen("deleted", { id: m.id }));
client.on("messageReactionAdd", (r, user) => seen("reacted", { emoji: r.emoji.name, user: user.id }));
client.on("channelPinsUpdate", () => seen("pins"));
client.on("threadCreate", (t) => seen("thread", { name: t.name }));
client.on("messageCreate", (m) => {
  if (m.author.id !== client.user.id) seen("message", { content: m.content, author: m.author.username });
});
client.on("interactionCreate", async (i) => {
  try {
    if (i.isAutocomplete()) {
      seen("autocomplete", { typed: i.options.getFocused() });
      await i.respond([{ name: "Scribe", value: "scribe" }]);
    } else if (i.isModalSubmit()) {
      seen("modal", { title: i.fields.getTextInputValue("title") });
      await i.reply({ content: "Started.", flags: 64 });
    } else if (i.isButton()) {
      seen("button", { id: i.customId });
      await i.deferUpdate();
    } else if (i.isStringSelectMenu()) {
      seen("picked", { menu: i.customId, value: i.values.join() });
      await i.reply({ content: "Picked.", flags: 64 });
    } else if (i.isMessageContextMenuCommand()) {
      seen("menu", { name: i.commandName, target: i.targetMessage.content });
      await i.deferReply({ flags: 64 });
      await i.editReply("Added.");
      await i.followUp({ content: "And more.", flags: 64 });
    } else if (i.isChatInputCommand() && i.options.getSubcommand() === "form") {
      await i.showModal({ custom_id: "form", title: "New incident", components: [
        { type: 18, label: "Title", component: { type: 4, custom_id: "title", style: 1, required: true } }] });
      seen("shown");
    } else if (i.isChatInputCommand()) {
      seen("command", { name: i.commandName, sub: i.options.getSubcommand(), text: i.options.getString("text") });
      await i.reply({ content: "Noted.", components: [
        { type: 1, components: [{ type: 2, style: 1, label: "Join", custom_id: "join" }] },
        { type: 1, components: [{ type: 3, custom_id: "severity", placeholder: "How bad?", options: [
          { label: "Bad", value: "sev1" }, { label: "Not so bad", value: "sev2" }] }] },
      ] });
    }
    seen("answered");
  } catch (error) {
    seen("error", { message: String(error) });
  }
});

async function walk() {
  const channel = await client.channels.fetch(channelID);
  const sent = await channel.send({ content: "hello", nonce: "n1", enforceNonce: true });
  const again = await channel.send({ content: "hello", nonce: "n1", enforceNonce: true });
  seen("sent", { once: sent.id === again.id });
  await sent.edit("hello again");
  await sent.react("📌");
  await sent.reactions.cache.first()?.users.remove(client.user.id);
  await sent.pin();
  const pins = await channel.messages.fetchPins();
  seen("pinned", { count: pins.items.length });
  await sent.unpin();
  const history = await channel.messages.fetch({ limit: 10 });
  seen("history", { count: history.size });
  const thread = await sent.startThread({ name: "a thread" });
  await thread.send("in the thread");
  await thread.setArchived(true);
  const active = await channel.guild.channels.fetchActiveThreads();
  seen("threads", { active: active.threads.size });
  const file = await channel.send({ files: [{ attachment: Buffer.from("contents"), name: "a.txt" }] });
  const answer = await fetch(file.attachments.first().url);
  seen("file", { contents: await answer.text() });
  const made = await channel.guild.channels.create({ name: "inc-1", topic: "an incident" });
  await made.setTopic("closed");
  await made.permissionOverwrites.create(channel.guild.roles.everyone, { SendMessages: false });
  seen("channel", { name: made.name });
  const rest = new REST({ api: `${base}/api` }).setToken(token);
  await rest.put(Routes.applicationCommands(client.application.id), { body: [{ name: "incident", type: 1, description: "x", options: [
    { type: 1, name: "note", description: "x", options: [{ type: 3, name: "text", description: "x" }] },
    { type: 1, name: "role", description: "x", options: [{ type: 3, name: "role", description: "x", autocomplete: true }] },
    { type: 1, name: "form", description: "x" }] }, { name: "Add to timeline", type: 3 }] });
  const commands = await client.application.commands.fetch();
  seen("commands", { count: commands.size });
  await sent.delete();
  seen("done");
}

process.stdin.on("data", (line) => {
  if (String(line).startsWith("quit")) client.destroy().finally(() => process.exit(0));
});
await client.login(token);
if (!client.isReady()) await new Promise((resolve) => client.once("clientReady", resolve));
await walk().catch((error) => seen("error", { message: String(error?.stack ?? error) }));
