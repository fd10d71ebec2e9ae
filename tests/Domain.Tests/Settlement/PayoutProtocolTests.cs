using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Settlement;

public class PayoutProtocolTests
{
    private static readonly LiveSignature Signature = new(Seqno: 5, ValidUntil: 1000);

    [Theory]
    [InlineData(5, 0)]
    [InlineData(5, 2000)]
    [InlineData(6, 2000)]
    public void Batch_ThatTheContractHasDone_IsConfirmedWhateverElseTheChainSays(long seqno, long time)
    {
        PayoutProtocol.Next(Signature, new(Executed: true, ContentMatches: true, seqno, time)).ShouldBe(PayoutStep.Confirm);
        PayoutProtocol.Next(null, new(Executed: true, ContentMatches: true, seqno, time)).ShouldBe(PayoutStep.Confirm);
    }

    [Fact]
    public void Batch_ThatTheContractDidWithAnotherList_StopsTheSettlement()
    {
        PayoutProtocol.Next(Signature, new(Executed: true, ContentMatches: false, 6, 2000)).ShouldBe(PayoutStep.Conflict);
        PayoutProtocol.Next(null, new(Executed: true, ContentMatches: false, 5, 0)).ShouldBe(PayoutStep.Conflict);
    }

    [Fact]
    public void Batch_WithoutASignature_IsSigned() =>
        PayoutProtocol.Next(null, new(Executed: false, ContentMatches: false, 5, 0)).ShouldBe(PayoutStep.Sign);

    [Theory]
    [InlineData(5, 999, PayoutStep.Broadcast)]
    [InlineData(5, 1000, PayoutStep.Broadcast)]
    [InlineData(5, 1001, PayoutStep.Sign)]
    [InlineData(6, 500, PayoutStep.Wait)]
    [InlineData(6, 1001, PayoutStep.Wait)]
    [InlineData(6, 1030, PayoutStep.Wait)]
    [InlineData(6, 1031, PayoutStep.Failed)]
    public void Signature_FollowsTheWalletsNumberAndChainTime(long seqno, long time, PayoutStep expected) =>
        PayoutProtocol.Next(Signature, new(Executed: false, ContentMatches: false, seqno, time)).ShouldBe(expected);

    [Fact]
    public void Signature_ThatCouldStillLand_IsNeverJoinedByASecondOne()
    {
        // The wallet takes a message while its number is the next one and chain time has not passed its deadline.
        for (long seqno = 3; seqno <= 7; seqno++)
        {
            for (long time = 990; time <= 1040; time++)
            {
                var couldLand = seqno <= Signature.Seqno && time <= Signature.ValidUntil;
                var mayBeOnItsWay = seqno > Signature.Seqno && time <= Signature.ValidUntil + PayoutProtocol.DeliverySeconds;
                var step = PayoutProtocol.Next(Signature, new(Executed: false, ContentMatches: false, seqno, time));
                if (couldLand || mayBeOnItsWay)
                    step.ShouldBeOneOf(PayoutStep.Broadcast, PayoutStep.Wait);
                else
                    step.ShouldBeOneOf(PayoutStep.Sign, PayoutStep.Failed);
            }
        }
    }

    [Fact]
    public void Signature_WhoseNumberAnotherMessageTook_IsReplacedAtOnce() =>
        PayoutProtocol.Next(Signature, new(Executed: false, ContentMatches: false, 6, 500, Displaced: true)).ShouldBe(PayoutStep.Sign);

    [Theory]
    [InlineData(1, 1030, PayoutStep.Wait)]
    [InlineData(6, 1030, PayoutStep.Wait)]
    [InlineData(5, 999, PayoutStep.Wait)]
    [InlineData(1, 1031, PayoutStep.Sign)]
    [InlineData(9, 1031, PayoutStep.Sign)]
    public void Signature_OfAnotherWallet_DiesOnlyByItsDeadline(long seqno, long time, PayoutStep expected) =>
        PayoutProtocol.Next(Signature with { Signer = Samples.Address(1) }, new(Executed: false, ContentMatches: false, seqno, time, Refused: true, Displaced: true, Signer: Samples.Address(2)))
            .ShouldBe(expected);

    [Fact]
    public void Signature_WhoseEndNobodyHasSeen_LeavesADoubt()
    {
        ChainReading Reading(long seqno, bool refused = false, bool displaced = false) => new(false, false, seqno, 5000, refused, displaced, Samples.Address(1));
        var ours = Signature with { Signer = Samples.Address(1) };
        PayoutProtocol.LeavesDoubt(null, Reading(5)).ShouldBeFalse();
        PayoutProtocol.LeavesDoubt(ours, Reading(5)).ShouldBeFalse("it expired in the wallet");
        PayoutProtocol.LeavesDoubt(ours, Reading(6, refused: true)).ShouldBeFalse();
        PayoutProtocol.LeavesDoubt(ours, Reading(6, displaced: true)).ShouldBeFalse();
        PayoutProtocol.LeavesDoubt(ours, Reading(6)).ShouldBeTrue();
        PayoutProtocol.LeavesDoubt(Signature with { Signer = Samples.Address(2) }, Reading(5)).ShouldBeTrue("another wallet's");
    }
}
