// The vendor's own client against the simulator: it connects, calls what the simulator claims to answer, and is then the bot
// that its people talk to. Run by TestVendorClient, which plays the people; SIM is the address of the simulator, ROOM a room
// where the bot is.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { WebSocket } from 'ws'

globalThis.WebSocket = WebSocket
const { DDPSDK } = createRequire(import.meta.url)('@rocket.chat/ddp-client')
const room = process.env.ROOM
const sdk = DDPSDK.create(process.env.SIM)
const rest = sdk.rest

// refused is the server's error code, or its words, of a call that must fail.
async function refused(call) {
  try {
    await call
  } catch (response) {
    const { errorType, error } = await response.json()
    return errorType ?? error
  }
  return 'accepted'
}

async function logIn() {
  await sdk.connection.connect()
  assert.equal(sdk.connection.status, 'connected')
  await assert.rejects(sdk.account.loginWithToken('stale'), (e) => e.error === 403)
  await sdk.account.loginWithToken('simulated-personal-access-token')
  assert.equal(sdk.account.uid, 'boswellBotId00001')
  await assert.rejects(sdk.client.callAsync('noSuchMethod'), (e) => e.error === 404)
}

async function callMessages() {
  const { message } = await rest.post('/v1/chat.sendMessage', { message: { _id: 'vendor0000000001', rid: room, msg: 'hello *there*' } })
  assert.equal(message._id, 'vendor0000000001')
  assert.equal(await refused(rest.post('/v1/chat.sendMessage', { message: { _id: message._id, rid: room, msg: 'again' } })), "Cannot read properties of undefined (reading 'u')")
  assert.equal((await rest.get('/v1/chat.getMessage', { msgId: message._id })).message.msg, 'hello *there*')
  assert.equal(await refused(rest.post('/v1/chat.sendMessage', { message: { rid: room, msg: 'x'.repeat(5001) } })), 'error-message-size-exceeded')
  assert.equal(await refused(rest.post('/v1/chat.update', { roomId: room, msgId: message._id, text: 'x', attachments: [] })), 'invalid-params')
  const updated = await rest.post('/v1/chat.update', { roomId: room, msgId: message._id, text: 'hello again' })
  assert.equal(updated.message.editedBy.username, 'boswell')
  await rest.post('/v1/chat.react', { messageId: message._id, emoji: ':eyes:', shouldReact: true })
  assert.equal(await refused(rest.post('/v1/chat.react', { messageId: message._id, emoji: ':nosuch:', shouldReact: true })), 'error-not-allowed')
  await rest.post('/v1/chat.pinMessage', { messageId: message._id })
  const reply = await rest.post('/v1/chat.sendMessage', { message: { rid: room, msg: 'an answer', tmid: message._id } })
  assert.deepEqual((await rest.get('/v1/chat.getThreadMessages', { tmid: message._id })).messages.map((m) => m._id), [reply.message._id])
  const { result } = await rest.get('/v1/chat.syncMessages', { roomId: room, lastUpdate: '2020-01-01T00:00:00.000Z' })
  const again = result.updated.find((m) => m._id === message._id)
  assert.deepEqual(again.reactions, { ':eyes:': { usernames: ['boswell'] } })
  assert.equal(again.pinned, true)
  assert.equal(again.tcount, 1)
}

async function callRooms() {
  const { channel } = await rest.post('/v1/channels.create', { name: 'vendor-room', members: ['ann'] })
  assert.equal(await refused(rest.post('/v1/channels.create', { name: 'vendor-room' })), 'error-duplicate-channel-name')
  await rest.post('/v1/channels.setTopic', { roomId: channel._id, topic: 'a topic' })
  assert.equal((await rest.get('/v1/rooms.info', { roomId: channel._id })).room.topic, 'a topic')
  const { discussion } = await rest.post('/v1/rooms.createDiscussion', { prid: channel._id, t_name: 'a discussion' })
  assert.equal(discussion.prid, channel._id)
  const { group } = await rest.post('/v1/groups.create', { name: 'vendor-group', extraData: { broadcast: false, encrypted: false } })
  assert.equal(group.t, 'p')
  const { room: direct } = await rest.post('/v1/dm.create', { username: 'ann' })
  assert.equal(direct.t, 'd')
  assert.ok((await rest.get('/v1/subscriptions.get', {})).update.some((s) => s.rid === channel._id))
  assert.equal((await rest.get('/v1/users.info', { username: 'ann' })).user.name, 'Ann Archer')
  await rest.post('/v1/channels.archive', { roomId: channel._id })
  assert.equal(await refused(rest.post('/v1/chat.sendMessage', { message: { rid: channel._id, msg: 'late' } })), 'room_is_archived')
}

// answering reacts to what people say, and answers it in its thread; what it finds at a message once more, it leaves alone.
function answering() {
  const seen = new Set()
  return sdk.stream('room-messages', '__my_messages__', async (message, about) => {
    assert.equal(typeof about.roomParticipant, 'boolean')
    if (message.t || message.u._id === sdk.account.uid || !about.roomParticipant || seen.has(message._id)) return
    seen.add(message._id)
    assert.equal(typeof message.ts.$date, 'number')
    await rest.post('/v1/chat.react', { messageId: message._id, emoji: ':white_check_mark:', shouldReact: true })
    await rest.post('/v1/chat.sendMessage', { message: { rid: message.rid, tmid: message._id, msg: `heard ${message.msg}` } })
  })
}

await logIn()
await callMessages()
await callRooms()
const stream = answering()
await stream.ready()
const deletions = sdk.stream('notify-room', `${room}/deleteMessage`, ({ _id }) => console.log(`DELETED ${_id}`))
await deletions.ready()
await assert.rejects(sdk.stream('notify-room', 'elsewhere/deleteMessage', () => {}).ready())
console.log('READY')
process.stdin.once('end', () => process.exit(0))
process.stdin.resume()
