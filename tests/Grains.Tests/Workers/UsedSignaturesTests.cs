using CocoonPool.Grains.Workers;

namespace CocoonPool.Grains.Tests.Workers;

public sealed class UsedSignaturesTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(90);
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Signature_IsTakenOnce_AsLongAsItIsGood()
    {
        var used = new UsedSignatures(Keep, most: 10);

        used.Take("a", Start).ShouldBeNull();
        used.Take("b", Start.AddSeconds(60)).ShouldBeNull();
        used.Take("a", Start + Keep - TimeSpan.FromTicks(1)).ShouldBe(PollRefusals.SignatureUsed);
        used.Take("b", Start + Keep).ShouldBe(PollRefusals.SignatureUsed, "the older one alone is forgotten");
    }

    [Fact]
    public void Signatures_BeyondTheMost_AreTurnedAwayUntilOldOnesAreForgotten()
    {
        var used = new UsedSignatures(Keep, most: 2);
        used.Take("a", Start).ShouldBeNull();
        used.Take("b", Start.AddSeconds(1)).ShouldBeNull();

        used.Take("c", Start.AddSeconds(2)).ShouldBe(PollRefusals.TooManySignatures);
        used.Take("a", Start.AddSeconds(2)).ShouldBe(PollRefusals.SignatureUsed, "nothing that was taken is forgotten for it");
        used.Take("c", Start + Keep).ShouldBeNull();
    }
}
