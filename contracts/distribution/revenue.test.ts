import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginCell } from '@ton/core';
import { openEpochBody } from '../wrappers/distributionMessages.js';
import { Op } from '../wrappers/operations.js';
import { ExitCode } from '../wrappers/exitCodes.js';
import { commentBody } from '../wrappers/operatorWallet.js';
import { Bench, bodyOf, exitCodeOf, feesOf, payee, terms, TON } from './bench.js';

const bodies = {
  'an empty body': beginCell().endCell(),
  'a comment': commentBody('for epoch 7'),
  'a Cocoon payout': beginCell().storeUint(Op.CocoonPayout, 32).storeUint(42, 64).endCell(),
  'an op code nobody knows': bodyOf(0x12345678),
  'a body shorter than an op code': beginCell().storeUint(5, 3).endCell(),
  'a body with only a reference': beginCell().storeRef(beginCell().endCell()).endCell(),
};

for (const [name, body] of Object.entries(bodies)) {
  test(`revenue with ${name} stays, whoever sends it`, async () => {
    const bench = await Bench.create();
    for (const from of [payee('stranger'), bench.operator]) {
      const before = await bench.balance();
      const transaction = await bench.revenue(TON, body, from);
      assert.equal(exitCodeOf(transaction), 0);
      assert.equal(transaction.outMessagesCount, 0);
      assert.equal(await bench.balance(), before + TON - feesOf(transaction));
    }
  });
}

test('revenue too small for its own gas stays as well', async () => {
  const bench = await Bench.create();
  const before = await bench.balance();
  const transaction = await bench.deliver(payee('dust'), 100n, beginCell().endCell(), false);
  assert.equal(exitCodeOf(transaction), 'skipped');
  assert.equal(await bench.balance(), before + 100n);
});

test('a bounced message is revenue too', async () => {
  const bench = await Bench.create();
  const { transactions } = await bench.chain.sendMessage({
    info: {
      type: 'internal', ihrDisabled: true, bounce: false, bounced: true, src: payee('x'), dest: bench.address,
      value: { coins: TON }, ihrFee: 0n, forwardFee: 0n, createdLt: 0n, createdAt: 0,
    },
    body: beginCell().storeUint(0xffffffff, 32).storeUint(Op.PayBatch, 32).endCell(),
  });
  assert.equal(exitCodeOf(transactions[0]!), 0);
  assert.equal(transactions[0]!.outMessagesCount, 0);
});

test('a stranger who sends a command is refused and gets the coins back', async () => {
  const bench = await Bench.create();
  const before = await bench.balance();
  const transaction = await bench.deliver(payee('stranger'), TON, openEpochBody(terms(1, TON)));
  assert.equal(exitCodeOf(transaction), ExitCode.NotAllowed);
  assert.equal(transaction.outMessagesCount, 1);
  assert.equal(await bench.balance(), before);
  assert.equal((await bench.epoch(1)).opened, false);
});

test('the contract takes no external message', async () => {
  const bench = await Bench.create();
  await assert.rejects(bench.chain.sendMessage({
    info: { type: 'external-in', dest: bench.address, importFee: 0n },
    body: openEpochBody(terms(1, TON)),
  }));
});
