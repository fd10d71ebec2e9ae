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
}
