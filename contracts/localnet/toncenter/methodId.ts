/** The number a get method is called by: CRC-16 of its name with bit 16 set. Numbers are taken as they are. */
export function methodId(name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  let crc = 0;
  for (const byte of Buffer.from(name)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc | 0x10000;
}
