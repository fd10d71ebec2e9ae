using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Settlement;

public class SettlementPlanTests
{
    private static readonly EpochNumber Epoch = new(3);

    [Theory]
    [InlineData(0, 250, new int[0])]
    [InlineData(1, 250, new[] { 1 })]
    [InlineData(250, 250, new[] { 250 })]
    [InlineData(251, 250, new[] { 250, 1 })]
    [InlineData(7, 3, new[] { 3, 3, 1 })]
    public void Cut_TakesPayablesIntoBatchesInTheirOrder(int payables, int batchSize, int[] expected)
    {
        var all = Payables(payables);
        var plan = SettlementPlan.Cut(Epoch, all, 4, batchSize);

        plan.Select(batch => batch.Entries.Length).ShouldBe(expected);
        plan.Select(batch => batch.Index).ShouldBe(Enumerable.Range(4, expected.Length));
        plan.SelectMany(batch => batch.Entries).ShouldBe(all);
        plan.ShouldAllBe(batch => batch.Epoch == Epoch && batch.Total == Nanotons.Sum(batch.Entries.Select(entry => entry.Amount)));
        plan.ShouldAllBe(batch => batch.ListHash.SequenceEqual(PayoutList.Hash(batch.Entries.Select(entry => new Payout(entry.PayoutAddress, entry.Amount)).ToArray())));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(251)]
    public void Cut_WithAnImpossibleBatchSize_IsABug(int batchSize) =>
        Should.Throw<ArgumentOutOfRangeException>(() => SettlementPlan.Cut(Epoch, [], 0, batchSize));

    [Fact]
    public void Cut_WithNothingToPay_IsABug() =>
        Should.Throw<ArgumentException>(() => SettlementPlan.Cut(Epoch, [Payables(1)[0] with { Amount = Nanotons.Zero }], 0)).Message.ShouldContain("nothing to pay");

    [Fact]
    public void Leaf_HasTheLayoutThatTheContractHashes()
    {
        var bytes = PayoutLeaf.Bytes(new(0x01020304), new Payable(0x0a0b0c0d, default, new(-1, Enumerable.Repeat((byte)0xee, 32).ToArray()), new(0x1122334455667788)));
        Convert.ToHexStringLower(bytes).ShouldBe("01020304" + "0a0b0c0d" + "ff" + new string('e', 64) + "1122334455667788");
    }

    private static Payable[] Payables(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Payable(i, Samples.Address(i), Samples.Address(i + 5000), new Nanotons(i + 1)))];
}
