using CocoonPool.Domain.Epochs;

namespace CocoonPool.Domain.Tests.Epochs;

public class EpochAssignmentTests
{
    private static readonly DateTimeOffset Monday = Samples.Monday;

    private static readonly OpenEpoch Running = new(new(4), Monday, Monday.AddDays(7));
    private static readonly OpenEpoch InGrace = new(new(3), Monday.AddDays(-7), Monday);

    [Fact]
    public void Epoch_ThatHoldsTheMoment_IsTaken_AlsoWithinItsGrace()
    {
        EpochAssignment.Of(Monday.AddHours(1), Monday.AddHours(1), [InGrace, Running]).ShouldBe(new(new(4), Late: false));
        EpochAssignment.Of(Monday.AddTicks(-1), Monday.AddMinutes(14), [InGrace, Running]).ShouldBe(new(new(3), Late: false));
        EpochAssignment.Of(Monday, Monday, [InGrace, Running]).ShouldBe(new(new(4), Late: false));
    }

    [Fact]
    public void Moment_OfAClosedEpoch_CountsWhereItArrived_AndIsMarkedLate()
    {
        EpochAssignment.Of(Monday.AddHours(-1), Monday.AddMinutes(16), [Running]).ShouldBe(new(new(4), Late: true));
        EpochAssignment.Of(Monday.AddDays(-9), Monday.AddMinutes(5), [InGrace, Running]).ShouldBe(new(new(4), Late: true), "the one in its grace did not see it arrive");
        EpochAssignment.Of(Monday.AddDays(-9), Monday.AddMinutes(-5), [InGrace, Running]).ShouldBe(new(new(3), Late: true));
    }

    [Fact]
    public void Epoch_ThatWasClosedBetweenArrivalAndDecision_PassesItOn() =>
        EpochAssignment.Of(Monday.AddMinutes(-1), Monday.AddSeconds(-1), [Running]).ShouldBe(new(new(4), Late: true));

    [Fact]
    public void Moment_AfterItsOwnArrival_CountsAsTheArrival_SoThatNoEpochOpensAheadOfTheClock() =>
        EpochAssignment.Of(Monday.AddDays(7).AddSeconds(2), Monday.AddDays(7).AddSeconds(-1), [InGrace, Running]).ShouldBe(new(new(4), Late: false));

    [Fact]
    public void Calendar_ThatIsBehind_IsABug() =>
        Should.Throw<ArgumentException>(() => EpochAssignment.Of(Monday.AddDays(8), Monday.AddDays(8), [InGrace, Running]));
}
