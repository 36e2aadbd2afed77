// The vendor's own clients against the simulator: @slack/web-api calls what the simulator claims to answer, and @slack/bolt
// over @slack/socket-mode is the app that its people talk to. Run by TestVendorClients, which plays the people; SIM is the
// address of the simulator.
import assert from 'node:assert/strict'
import bolt from '@slack/bolt'
import { WebClient, LogLevel } from '@slack/web-api'

const slackApiUrl = `${process.env.SIM}/api/`
const web = new WebClient('xoxb-simulated', { slackApiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR })

// refused is Slack's error code of a call that must fail.
async function refused(call) {
  try {
    await call
  } catch (error) {
    return error.data?.error ?? error.code
  }
  return 'accepted'
}

async function callEverything() {
  const me = await web.auth.test()
  assert.equal(me.user_id, 'U0BOT')
  const { channel } = await web.conversations.create({ name: 'vendor-room' })
  const id = channel.id
  assert.equal(await refused(web.conversations.create({ name: 'vendor-room' })), 'name_taken')
  assert.equal(await refused(web.conversations.create({ name: 'No Spaces' })), 'invalid_name_specials')
  await web.conversations.setTopic({ channel: id, topic: 'a topic' })
  await web.conversations.setPurpose({ channel: id, purpose: 'a purpose' })
  assert.equal((await web.conversations.info({ channel: id })).channel.topic.value, 'a topic')

  const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'hello', style: { bold: true } }] }] }]
  const posted = await web.chat.postMessage({ channel: id, text: 'hello', blocks, metadata: { event_type: 'vendor', event_payload: { key: 'k' } } })
  assert.equal(await refused(web.chat.postMessage({ channel: id, text: '' })), 'no_text')
  assert.equal(await refused(web.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })), 'channel_not_found')
  assert.equal(await refused(web.chat.postMessage({ channel: id, text: 'x', blocks: [{ type: 'section' }] })), 'invalid_blocks')
  await web.chat.update({ channel: id, ts: posted.ts, text: 'hello again' })
  const reply = await web.chat.postMessage({ channel: id, text: 'a reply', thread_ts: posted.ts })

  const history = await web.conversations.history({ channel: id, include_all_metadata: true })
  assert.equal(history.messages.length, 1)
  assert.equal(history.messages[0].metadata.event_payload.key, 'k')
  assert.equal(history.messages[0].reply_count, 1)
  const thread = await web.conversations.replies({ channel: id, ts: posted.ts })
  assert.deepEqual(thread.messages.map((m) => m.ts), [posted.ts, reply.ts])

  await web.reactions.add({ channel: id, timestamp: reply.ts, name: 'eyes' })
  assert.equal(await refused(web.reactions.add({ channel: id, timestamp: reply.ts, name: 'eyes' })), 'already_reacted')
  assert.deepEqual((await web.reactions.get({ channel: id, timestamp: reply.ts })).message.reactions[0].users, ['U0BOT'])
  await web.reactions.remove({ channel: id, timestamp: reply.ts, name: 'eyes' })
  await web.pins.add({ channel: id, timestamp: posted.ts })
  assert.equal((await web.pins.list({ channel: id })).items.length, 1)
  await web.pins.remove({ channel: id, timestamp: posted.ts })
  const { bookmark } = await web.bookmarks.add({ channel_id: id, title: 'Page', type: 'link', link: 'https://example.com' })
  assert.equal((await web.bookmarks.list({ channel_id: id })).bookmarks[0].title, 'Page')
  await web.bookmarks.edit({ channel_id: id, bookmark_id: bookmark.id, link: 'https://example.com/new' })
  assert.equal((await web.bookmarks.list({ channel_id: id })).bookmarks[0].link, 'https://example.com/new')
  assert.equal((await web.emoji.list()).emoji.pin, 'alias:pushpin')

  await web.filesUploadV2({ channel_id: id, content: 'abc', filename: 'a.txt', initial_comment: 'a file' })
  const withFile = (await web.conversations.history({ channel: id })).messages.find((m) => m.files)
  assert.equal((await web.files.info({ file: withFile.files[0].id })).file.size, 3)

  const link = await web.chat.getPermalink({ channel: id, message_ts: posted.ts })
  assert.match(link.permalink, /archives\/C\w+\/p\d+$/)
  await web.chat.delete({ channel: id, ts: reply.ts })
  let pages = 0
  for await (const page of web.paginate('users.list', { limit: 1 })) pages += page.members.length
  assert.ok(pages >= 3)
  assert.ok((await web.users.conversations({ types: 'public_channel' })).channels.some((c) => c.id === id))
  await web.conversations.archive({ channel: id })
  assert.equal(await refused(web.chat.postMessage({ channel: id, text: 'late' })), 'is_archived')
  assert.equal(await refused(web.apiCall('no.such.method')), 'unknown_method')
  assert.equal(await refused(new WebClient('xoxb-other', { slackApiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR }).auth.test()), 'invalid_auth')
}

// beLimited calls a method more often than its tier allows: the client is to understand the refusal and its delay.
async function beLimited() {
  const hasty = new WebClient('xoxb-simulated', { slackApiUrl, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR, rejectRateLimitedCalls: true })
  let refusal
  for (let n = 0; n < 30 && !refusal; n++) await hasty.usergroups.list().catch((error) => { refusal = error })
  assert.equal(refusal?.code, 'slack_webapi_rate_limited_error')
  assert.ok(refusal.retryAfter >= 1 && refusal.retryAfter <= 60)
}

function talkToPeople() {
  const app = new bolt.App({ token: 'xoxb-simulated', appToken: 'xapp-simulated', socketMode: true, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } })
  app.command('/incident', async ({ command, ack, client, respond }) => {
    if (command.text === 'form') {
      await client.views.open({
        trigger_id: command.trigger_id,
        view: {
          type: 'modal', callback_id: 'vendor_form', title: { type: 'plain_text', text: 'Vendor' }, submit: { type: 'plain_text', text: 'Go' },
          blocks: [{ type: 'input', block_id: 'word', label: { type: 'plain_text', text: 'Word' }, element: { type: 'plain_text_input', action_id: 'v' } }],
        },
      })
      return ack()
    }
    if (command.text === 'later') {
      await respond({ text: 'answered at its address', response_type: 'in_channel' })
      return ack()
    }
    return ack({
      text: `you typed ${command.text}`,
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'press', value: 'v1', text: { type: 'plain_text', text: 'Press' } }] }],
    })
  })
  app.view('vendor_form', async ({ ack, body, view, client }) => {
    if (view.state.values.word.v.value === 'wrong') return ack({ response_action: 'errors', errors: { word: 'Another word.' } })
    const { channel } = await client.conversations.open({ users: body.user.id })
    await client.chat.postMessage({ channel: channel.id, text: `submitted ${view.state.values.word.v.value}` })
    await ack()
  })
  app.action('press', async ({ ack, action, respond }) => {
    await respond({ text: `pressed ${action.value}`, replace_original: false })
    await ack()
  })
  app.shortcut('timeline', async ({ ack, shortcut, respond }) => {
    await respond(`added ${shortcut.message.text}`)
    await ack()
  })
  app.message('hello app', async ({ message, say }) => say({ text: `hello <@${message.user}>`, thread_ts: message.ts }))
  app.event('reaction_added', async ({ event, client }) => {
    if (event.user !== 'U0BOT') await client.reactions.add({ channel: event.item.channel, timestamp: event.item.ts, name: event.reaction })
  })
  return app
}

const app = talkToPeople()
await callEverything()
await beLimited()
await app.start()
console.log('READY')
process.stdin.once('end', async () => {
  await app.stop()
  process.exit(0)
})
process.stdin.resume()
