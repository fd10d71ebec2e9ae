using System.Collections.Immutable;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;

namespace CocoonPool.Domain.Tests.Participants;

public class StakeWithdrawalTests
{
    private static readonly DateTimeOffset Now = Samples.Monday;
    private static readonly StakeWithdrawal Partial = new("w1", false, new(50), Now.AddDays(-7), Now, WithdrawalState.Waiting, Nanotons.Zero, null, OnChain: true);
    private static readonly StakeWithdrawal Full = Partial with { Full = true };

    [Theory]
    [InlineData(50, 0, 100, false, null)]
    [InlineData(51, 0, 100, false, "stake_below_tier")]
    [InlineData(50, 1, 100, false, "stake_below_tier")]
    [InlineData(150, 0, 0, false, null)]
    [InlineData(151, 0, 0, false, "stake_insufficient")]
    [InlineData(0, 0, 100, false, "amount_not_positive")]
    [InlineData(-1, 0, 100, false, "amount_not_positive")]
    [InlineData(50, 0, 100, true, "withdrawal_already_waiting")]
    public void PartOfTheStake_LeavesTheTierBehind(long amount, long held, long required, bool isOneWaiting, string? refusal) =>
        StakeWithdrawals.RefusalOfPartial(new(new(150), new(held), Nanotons.Zero), new(amount), new(required), isOneWaiting).ShouldBe(refusal);

    [Theory]
    [InlineData(0, false, null)]
    [InlineData(1, false, "workers_still_registered")]
    [InlineData(0, true, "withdrawal_already_waiting")]
    public void WholeStake_LeavesNoGpusBehind(int gpus, bool isOneWaiting, string? refusal) =>
        StakeWithdrawals.RefusalOfFull(gpus, isOneWaiting).ShouldBe(refusal);

    [Theory]
    [InlineData(WithdrawalState.Waiting, true, false, 0, null)]
    [InlineData(WithdrawalState.Waiting, true, false, -1, "withdrawal_not_due")]
    [InlineData(WithdrawalState.Waiting, true, true, 0, "slash_open")]
    [InlineData(WithdrawalState.Waiting, false, false, 0, "withdrawal_not_on_chain")]
    [InlineData(WithdrawalState.Cancelled, true, false, 0, "withdrawal_cancelled")]
    [InlineData(WithdrawalState.Completed, true, true, -1, null)]
    public void Completion_WaitsForTheWallet_TheDelay_AndEverySlash(WithdrawalState state, bool onChain, bool isSlashOpen, long ticksAfter, string? refusal) =>
        StakeWithdrawals.RefusalOfCompletion(Partial with { State = state, OnChain = onChain }, isSlashOpen, Now.AddTicks(ticksAfter)).ShouldBe(refusal);

    [Fact]
    public void Follow_BindsTheAnnouncementToTheRequestOnChain()
    {
        var followed = Follow([Partial with { OnChain = false }], Movement(StakeMovementKind.WithdrawalRequested, 50), stake: 150).ShouldHaveSingleItem();
        (followed.Id, followed.OnChain, followed.DueAt, followed.Full).ShouldBe(("w1", true, Now.AddDays(7), false));
        var full = Follow([Full with { OnChain = false, Amount = new(149) }], Movement(StakeMovementKind.WithdrawalRequested, 150), stake: 150).ShouldHaveSingleItem();
        (full.OnChain, full.Amount).ShouldBe((true, new Nanotons(150)), "everything is what there is by now");
    }

    [Fact]
    public void Follow_TakesARequestThatNobodyAnnounced_AndEndsTheAnnouncementOfAnother()
    {
        var all = Follow([Partial with { OnChain = false }], Movement(StakeMovementKind.WithdrawalRequested, 150), stake: 150);
        all.Select(w => (w.Id, w.State, w.Full, w.OnChain)).ShouldBe([("w1", WithdrawalState.Cancelled, false, false), ("w2", WithdrawalState.Waiting, true, true)]);
    }

    [Fact]
    public void Follow_EndsWhatWasCancelledOrPaidOnChain()
    {
        Follow([Partial], Movement(StakeMovementKind.WithdrawalCancelled, 0), stake: 150).ShouldHaveSingleItem().State.ShouldBe(WithdrawalState.Cancelled);
        var paid = Follow([Partial], Movement(StakeMovementKind.Withdrawn, 40), stake: 110).ShouldHaveSingleItem();
        (paid.State, paid.Released, paid.Transaction).ShouldBe((WithdrawalState.Completed, new Nanotons(40), "tx"));
        Follow([], Movement(StakeMovementKind.Withdrawn, 40), stake: 0).ShouldHaveSingleItem().Full.ShouldBeTrue();
        Follow([Partial], Movement(StakeMovementKind.Deposited, 40), stake: 190).ShouldBe([Partial]);
    }

    [Theory]
    [InlineData(WithdrawalState.Waiting, false, null)]
    [InlineData(WithdrawalState.Waiting, true, "withdrawal_on_chain")]
    [InlineData(WithdrawalState.Cancelled, true, null)]
    [InlineData(WithdrawalState.Completed, true, "withdrawal_already_completed")]
    public void Cancelling_IsPossibleWhileItIsOnlyAnnounced(WithdrawalState state, bool onChain, string? refusal)
    {
        StakeWithdrawals.RefusalOfCancel(Partial with { State = state, OnChain = onChain }).ShouldBe(refusal);
        (Partial with { State = state }).IsWaiting.ShouldBe(state == WithdrawalState.Waiting);
    }

    [Fact]
    public void Position_CountsWhatIsNotLeaving_AndFreesWhatIsNotHeld()
    {
        var position = new StakePosition(new(100), new(30), new(20));
        position.Available.ShouldBe(new Nanotons(70));
        position.Counting.ShouldBe(new Nanotons(80));
        new StakePosition(new(10), Nanotons.Zero, new(20)).Counting.ShouldBe(Nanotons.Zero);
    }

    private static ImmutableArray<StakeWithdrawal> Follow(ImmutableArray<StakeWithdrawal> all, StakeMovement movement, long stake) =>
        StakeWithdrawals.Follow(all, movement, new(stake), TimeSpan.FromDays(7));

    private static StakeMovement Movement(StakeMovementKind kind, long amount) => new(1, "tx", kind, new(amount), null, Now);
}
