/**
 * The user-friendly non-bounceable form (TEP-2: tag, workchain, hash, CRC16-XMODEM, base64url) of a raw TON address, which
 * is how wallets show it. Text that is not a raw address comes back unchanged: it is user-friendly already or unknown.
 */
export function friendlyAddress(address: string, testOnly: boolean): string {
  const raw = /^(-1|0):([0-9a-f]{64})$/i.exec(address);
  if (!raw?.[2]) return address;
  const bytes = new Uint8Array(36);
  bytes[0] = testOnly ? 0x51 | 0x80 : 0x51;
  bytes[1] = raw[1] === '0' ? 0 : 0xff;
  for (let i = 0; i < 32; i++) bytes[2 + i] = Number.parseInt(raw[2].slice(2 * i, 2 * i + 2), 16);
  const crc = crc16(bytes.subarray(0, 34));
  bytes[34] = crc >> 8;
  bytes[35] = crc & 0xff;
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_');
}

function crc16(data: Uint8Array): number {
  let crc = 0;
  for (const value of data) {
    crc ^= value << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
