// A CURVE key pair made in this browser: the secret half never goes to the server.

export interface Pair { publicKey: string; secretKey: string; }

const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

// ZeroMQ's writing of keys: four bytes are five signs.
export function toZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let place = 0; place + 4 <= bytes.length; place += 4) {
    const value = view.getUint32(place);
    for (let power = 4; power >= 0; power--) text += Z85[Math.floor(value / 85 ** power) % 85];
  }
  return text;
}

const fromBase64Url = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

// Null: this browser cannot, or the page did not come over TLS.
export async function makePair(): Promise<Pair | null> {
  try {
    const pair = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
    const { x, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    return x && d ? { publicKey: toZ85(fromBase64Url(x)), secretKey: toZ85(fromBase64Url(d)) } : null;
  } catch {
    return null;
  }
}
