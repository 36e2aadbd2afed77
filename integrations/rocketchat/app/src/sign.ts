import { createHmac, timingSafeEqual } from 'crypto';

const timestampHeader = 'X-Boswell-Timestamp';
const signatureHeader = 'X-Boswell-Signature';

/** How far the clocks of two machines and a slow network may be apart, in seconds. */
const window = 5 * 60;

function signature(secret: string, timestamp: string, body: string): string {
    return 'v1=' + createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}

/** The headers that vouch for a body. The secret itself never leaves. */
export function signed(secret: string, body: string, now = Date.now()): Record<string, string> {
    const timestamp = String(Math.floor(now / 1000));
    return { [timestampHeader]: timestamp, [signatureHeader]: signature(secret, timestamp, body) };
}

/** Whether the headers of a request vouch for its body, and it is not an old one again. */
export function vouched(secret: string, headers: Record<string, string>, body: string, now = Date.now()): boolean {
    const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
    const timestamp = lower.get(timestampHeader.toLowerCase()) ?? '';
    const given = Buffer.from(lower.get(signatureHeader.toLowerCase()) ?? '');
    const wanted = Buffer.from(signature(secret, timestamp, body));
    const fresh = /^\d+$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= window;
    return fresh && given.length === wanted.length && timingSafeEqual(given, wanted);
}
