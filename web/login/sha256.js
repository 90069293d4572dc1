// HMAC-SHA-256 (RFC 2104, FIPS 180-4): browsers bring their own only to pages by HTTPS.

const primes = [];
for (let n = 2; !primes[63]; n++) if (primes.every((prime) => n % prime)) primes.push(n);

// The first 32 bits of the fractions of the primes' roots.
const fractions = (root) => primes.map((prime) => (prime ** (1 / root) * 2 ** 32) | 0);
const CONSTANTS = fractions(3);

const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));
const bytesOf = (word) => [word >>> 24, (word >> 16) & 255, (word >> 8) & 255, word & 255];

function sha256(message) {
  const bytes = [...message, 128];
  while (bytes.length % 64 !== 56) bytes.push(0);
  bytes.push(0, 0, 0, 0, ...bytesOf(message.length * 8));
  const hash = fractions(2).slice(0, 8);
  for (let at = 0; at < bytes.length; at += 64) {
    const words = [];
    let state = hash;
    for (let i = 0; i < 64; i++) {
      const [a, b, c, d, e, f, g, h] = state;
      if (i < 16) {
        const [one, two, three, four] = bytes.slice(at + i * 4);
        words[i] = (one << 24) | (two << 16) | (three << 8) | four;
      } else {
        const [early, late] = [words[i - 15], words[i - 2]];
        words[i] = (words[i - 16] + words[i - 7]
          + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3))
          + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10))) | 0;
      }
      const sum = h + words[i] + CONSTANTS[i]
        + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g));
      const other = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      state = [(sum + other) | 0, a, b, c, (d + sum) | 0, e, f, g];
    }
    state.forEach((word, i) => (hash[i] = (hash[i] + word) | 0));
  }
  return hash.flatMap(bytesOf);
}

// Hex digits.
export function sign(password, message) {
  const encode = (text) => [...new TextEncoder().encode(text)];
  let key = encode(password);
  if (key[64] != null) key = sha256(key);
  const padded = (pad) => Array.from({ length: 64 }, (_, i) => key[i] ^ pad);
  const signature = sha256([...padded(0x5c), ...sha256([...padded(0x36), ...encode(message)])]);
  return signature.map((byte) => byte.toString(16).padStart(2, 0)).join("");
}
