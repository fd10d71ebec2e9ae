using CocoonPool.Domain.Routing;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Domain.Tests.Routing;

/// <summary>Single choices to the draw: a choice that is broken can hide in shares over many.</summary>
public class ChoiceTests
{
    private const double Quarter = 1L << 30;

    private static readonly int[] Slots = [1, 2, 1];

    /// <summary>Capacities of 1, 2 and 1: the first is drawn by quarters, the second by what the two others have.</summary>
    [Theory]
    [InlineData(0.0, 0.0, 0, 1)]
    [InlineData(0.999, 0.66, 0, 1)]
    [InlineData(0.999, 0.67, 0, 2)]
    [InlineData(1.0, 0.0, 1, 0)]
    [InlineData(2.999, 0.499, 1, 0)]
    [InlineData(2.999, 0.501, 1, 2)]
    [InlineData(3.0, 0.33, 2, 0)]
    [InlineData(3.999, 0.34, 2, 1)]
    public void PowerOfTwoChoices_DrawsTwoDifferentByCapacity_AndTakesTheEmptier(double firstInQuarters, double secondShare, int first, int second)
    {
        Draw draw = new(((ulong)(secondShare * uint.MaxValue) << 32) | (uint)(firstInQuarters * Quarter));
        var policy = new PowerOfTwoChoices();

        policy.Choose(Running(0, 0, 0), draw).ShouldBe(first, "of two that are equal the first");
        policy.Choose(Busy(first), draw).ShouldBe(second);
        policy.Choose(Busy(second), draw).ShouldBe(first);
        policy.Choose(Busy(first, second), draw).ShouldBe(first, "the third was not drawn, however empty it is");

        Candidate[] Busy(params int[] busy) => Running([.. Enumerable.Range(0, 3).Select(i => busy.Contains(i) ? Slots[i] : 0)]);
    }

    [Fact]
    public void PowerOfTwoChoices_ComparesWhatRunsByWhatCanRun()
    {
        // Two of sixteen slots are less than one of two.
        Candidate[] candidates = [new(Id(0), 1, 2, 100), new(Id(1), 2, 16, 100)];

        foreach (var random in (ulong[])[0, uint.MaxValue, ulong.MaxValue, (ulong)uint.MaxValue << 32])
            new PowerOfTwoChoices().Choose(candidates, new(random)).ShouldBe(1);
        new PowerOfTwoChoices().Score(candidates[1], default).ShouldBe(0.125);
    }

    /// <summary>Four equal workers, the others with four requests each: 1.25 × (12 + its own + 1) ÷ 4, rounded up, is what it may have.</summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(16, false)]
    public void Sticky_StaysWhileItsWorkerCarriesLessThanAQuarterMoreThanItsShare(int running, bool stays)
    {
        var prefix = PrefixHash.Of("a long story");
        Candidate[] Fleet(int home, int busy) => [.. Enumerable.Range(0, 4).Select(i => new Candidate(Id(i), i == home ? busy : 4, 16, 100))];
        var home = new Sticky().Choose(Fleet(-1, 0), new(1, 0, prefix));

        (new Sticky().Choose(Fleet(home, running), new(1, 0, prefix)) == home).ShouldBe(stays);
    }

    /// <summary>Where one carries a third of the fleet, its share is a third: 1.25 × (4 + its own + 1) ÷ 3, rounded up.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Sticky_MeasuresAShareByCapacity(int running, bool stays)
    {
        var prefix = Enumerable.Range(0, 100).Select(i => PrefixHash.Of($"story {i}")).First(p => new Sticky().Choose(Fleet(0), new(1, 0, p)) == 0);

        (new Sticky().Choose(Fleet(running), new(1, 0, prefix)) == 0).ShouldBe(stays);

        static Candidate[] Fleet(int running) => [new(Id(0), running, 8, 100), new(Id(1), 4, 16, 100)];
    }

    [Fact]
    public void Sticky_GivesConversationsByCapacity()
    {
        Candidate[] candidates = [new(Id(0), 0, 8, 100), new(Id(1), 0, 16, 100), new(Id(2), 0, 16, 50)];
        var homes = new int[3];
        for (var i = 0; i < 10_000; i++)
            homes[new Sticky().Choose(candidates, new(1, 0, PrefixHash.Of($"conversation {i}")))]++;

        homes[0].ShouldBeInRange(2_350, 2_650);
        homes[1].ShouldBeInRange(4_850, 5_150);
    }

    [Fact]
    public void Sticky_ChoosesTheLowestScore_AndWithoutAPrefixLikePowerOfTwoChoices()
    {
        var random = new Random(6);
        for (var round = 0; round < 500; round++)
        {
            Candidate[] fleet = [.. Enumerable.Range(0, 6).Select(i => new Candidate(Id(i), random.Next(0, 4), 8, 100))];
            Candidate[] idle = Array.ConvertAll(fleet, candidate => candidate with { Running = 0 });
            Draw anonymous = new((ulong)random.NextInt64()), known = anonymous with { Prefix = PrefixHash.Of($"{round}") };
            var sticky = new Sticky();

            sticky.Choose(fleet, anonymous).ShouldBe(new PowerOfTwoChoices().Choose(fleet, anonymous));
            sticky.Choose(idle, known).ShouldBe(Enumerable.Range(0, idle.Length).MinBy(i => sticky.Score(idle[i], known)));
        }
    }

    private static Candidate[] Running(params int[] running) => [.. running.Select((count, i) => new Candidate(Id(i), count, Slots[i], 100))];

    private static WorkerId Id(int i) => new($"w{i}");
}
