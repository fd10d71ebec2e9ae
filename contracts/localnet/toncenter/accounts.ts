import { Cell } from '@ton/core';
import { parseAddress } from '../../wrappers/address.js';
import { WALLET_CODE_HASH, walletSeqno } from '../../wrappers/operatorWallet.js';
import { AccountView } from '../accounts.js';
import { Chain } from '../chain.js';
import { blockId, bocOf, transactionId } from './format.js';
import { addressParameter, Parameters } from './parameters.js';

const lastTransaction = (account: AccountView) => transactionId(account.lastLt, account.lastHash);

export function getAddressInformation(chain: Chain, parameters: Parameters) {
  const account = chain.accounts.view(addressParameter(parameters));
  return {
    '@type': 'raw.fullAccountState',
    balance: account.balanceNano.toString(),
    extra_currencies: [],
    code: bocOf(account.code),
    data: bocOf(account.data),
    last_transaction_id: lastTransaction(account),
    block_id: blockId(chain.seqno),
    frozen_hash: account.frozenHash?.toString('base64') ?? '',
    sync_utime: chain.time,
    state: account.state,
  };
}

export function getExtendedAddressInformation(chain: Chain, parameters: Parameters) {
  const address = addressParameter(parameters);
  const account = chain.accounts.view(address);
  return {
    '@type': 'fullAccountState',
    address: { '@type': 'accountAddress', account_address: parseAddress(address).toString() },
    balance: account.balanceNano.toString(),
    extra_currencies: [],
    last_transaction_id: lastTransaction(account),
    block_id: blockId(chain.seqno),
    sync_utime: chain.time,
    account_state: {
      '@type': account.state === 'active' ? 'raw.accountState' : 'uninited.accountState',
      code: bocOf(account.code), data: bocOf(account.data), frozen_hash: account.frozenHash?.toString('base64') ?? '',
    },
    revision: 0,
  };
}

export function getWalletInformation(chain: Chain, parameters: Parameters) {
  const account = chain.accounts.view(addressParameter(parameters));
  const isWallet = account.code?.hash().toString('hex') === WALLET_CODE_HASH;
  return {
    wallet: isWallet,
    balance: account.balanceNano.toString(),
    account_state: account.state,
    ...(isWallet ? { wallet_type: 'wallet v5 r1', seqno: walletSeqno(account.data as Cell) } : {}),
    last_transaction_id: lastTransaction(account),
  };
}

export function getAddressBalance(chain: Chain, parameters: Parameters): string {
  return chain.accounts.view(addressParameter(parameters)).balanceNano.toString();
}

export function getAddressState(chain: Chain, parameters: Parameters): string {
  return chain.accounts.view(addressParameter(parameters)).state;
}
