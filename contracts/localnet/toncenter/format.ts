import { createHash } from 'node:crypto';
import { beginCell, Cell, Message } from '@ton/core';
import { rawAddress } from '../../wrappers/address.js';

/** The JSON shapes of toncenter v2, which clients check field by field. */
const BASECHAIN_SHARD = '-9223372036854775808';

export function blockId(seqno: number) {
  const hash = (what: string) => createHash('sha256').update(`${what} ${seqno}`).digest('base64');
  return {
    '@type': 'ton.blockIdExt', workchain: -1, shard: BASECHAIN_SHARD, seqno,
    root_hash: hash('root'), file_hash: hash('file'),
  };
}

export function transactionId(lt: bigint | string, hash: Buffer) {
  return { '@type': 'internal.transactionId', lt: lt.toString(), hash: hash.toString('base64') };
}

export function bocOf(cell: Cell | null): string {
  return cell === null ? '' : cell.toBoc().toString('base64');
}

export function messageJson(message: Message) {
  const { info, body } = message;
  const init = message.init
    ? beginCell().storeMaybeRef(message.init.code ?? null).storeMaybeRef(message.init.data ?? null).endCell() : null;
  const internal = info.type === 'internal' ? info : null;
  return {
    '@type': 'raw.message',
    source: info.type === 'external-in' ? '' : rawAddress(info.src),
    destination: info.type === 'external-out' ? '' : rawAddress(info.dest),
    value: (internal?.value.coins ?? 0n).toString(),
    fwd_fee: (internal?.forwardFee ?? 0n).toString(),
    ihr_fee: (internal?.ihrFee ?? 0n).toString(),
    created_lt: (info.type === 'external-in' ? 0n : info.createdLt).toString(),
    body_hash: body.hash().toString('base64'),
    msg_data: { '@type': 'msg.dataRaw', body: bocOf(body), init_state: bocOf(init) },
  };
}
