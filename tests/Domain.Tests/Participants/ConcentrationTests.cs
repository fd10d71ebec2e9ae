using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;

namespace CocoonPool.Domain.Tests.Participants;

public class ConcentrationTests
{
    private static readonly PoolParameters Warns = PoolParameters.Default;
    private static readonly PoolParameters Enforces = Warns with { EnforceConcentration = true };

    [Theory]
    [InlineData(3, 10, 3000, false)]
    [InlineData(4, 10, 4000, true)]
    [InlineData(30_001, 100_000, 3000, true)]
    [InlineData(0, 0, 0, false)]
    [InlineData(1, 1, 10_000, true)]
    [InlineData(1, 3, 3333, true)]
    public void Part_IsRoundedDown_AndJudgedExactly(long own, long all, int basisPoints, bool exceeds)
    {
        Concentration.BasisPoints(own, all).ShouldBe(basisPoints);
        Concentration.Exceeds(own, all, 3000).ShouldBe(exceeds);
    }

    [Theory]
    [InlineData(3, 10, 4, ConcentrationVerdict.Within, ConcentrationVerdict.Within)]
    [InlineData(4, 10, 4, ConcentrationVerdict.Warned, ConcentrationVerdict.Refused)]
    [InlineData(4, 10, 3, ConcentrationVerdict.Warned, ConcentrationVerdict.Warned)]
    [InlineData(1, 1, 1, ConcentrationVerdict.Warned, ConcentrationVerdict.Warned)]
    public void Limit_RefusesOnlyWhenItIsEnforcedAndThePoolIsWideEnough(long own, long all, int bringers, ConcentrationVerdict warning, ConcentrationVerdict enforced)
    {
        Concentration.Judge(own, all, bringers, Warns).ShouldBe(warning);
        Concentration.Judge(own, all, bringers, Enforces).ShouldBe(enforced);
    }

    [Fact]
    public void Width_IsReachedWhenEqualPartsAreAtTheLimit() =>
        Concentration.Judge(3, 4, 2, Enforces with { MaxConcentrationBps = 5000 }).ShouldBe(ConcentrationVerdict.Refused);
}
