using System.Collections.Immutable;
using System.Reflection;
using CocoonPool.Architecture.Tests.Metadata;

namespace CocoonPool.Architecture.Tests.Purity;

public class DomainPurityTests
{
    private static readonly ImmutableArray<Use> Domain = CompiledCode.UsesOf(Assembly.Load("CocoonPool.Domain"));
    private static readonly ImmutableArray<Use> Verifier = CompiledCode.UsesOf(Assembly.Load("CocoonPool.Verifier"));
    private static readonly ImmutableArray<Use> Own = CompiledCode.UsesOf(typeof(DomainPurityTests).Assembly);

    [Fact]
    public void Domain_ReadsNoClockDrawsNothingAtRandomAndWaitsForNothing() => PurityRule.Violations(Domain).ShouldBeEmpty();

    [Fact]
    public void Verifier_ReadsNoClockDrawsNothingAtRandomAndWaitsForNothing() => PurityRule.Violations(Verifier).ShouldBeEmpty();

    [Fact]
    public void Domain_CountsInIntegersOutsideTheRoomsThatEstimate() => ExactArithmeticRule.Violations(Domain).ShouldBeEmpty();

    [Fact]
    public void Verifier_CountsInIntegers() => ExactArithmeticRule.Violations(Verifier).ShouldBeEmpty();

    [Theory]
    [InlineData("ReadsTheClock", "System.DateTimeOffset.get_UtcNow")]
    [InlineData("ReadsTheClockInALambda", "System.DateTime.get_UtcNow")]
    [InlineData("DrawsAtRandom", "System.Random")]
    [InlineData("MakesAnId", "System.Guid.NewGuid")]
    [InlineData("MeasuresTime", "System.Diagnostics.Stopwatch")]
    [InlineData("Waits", "System.Threading.Tasks.Task`1")]
    [InlineData("ReadsAFile", "System.IO.File")]
    public void PurityRule_ShownAnImpureType_ReportsIt(string sample, string expected) =>
        PurityRule.Violations(UsesOf(sample)).ShouldContain(violation => violation.EndsWith($"uses {expected}."));

    [Theory]
    [InlineData("HoldsADouble", "System.Double")]
    [InlineData("ConvertsOnTheWay", "conv.r8")]
    [InlineData("ConvertsOnTheWay", "ldc.r8")]
    [InlineData("CallsAFloatingOverload", "System.Single")]
    [InlineData("HoldsADecimal", "System.Decimal")]
    public void ExactArithmeticRule_ShownATypeThatRounds_ReportsIt(string sample, string expected) =>
        ExactArithmeticRule.Violations(UsesOf(sample)).ShouldContain(violation => violation.EndsWith($"uses {expected}."));

    [Fact]
    public void ExactArithmeticRule_LetsTheEstimatingRoomsEstimate() =>
        ExactArithmeticRule.Violations([new Use("CocoonPool.Domain.Routing.Load", "Of", UseKind.Type, "System.Double")]).ShouldBeEmpty();

    private static IEnumerable<Use> UsesOf(string sample) =>
        Own.Where(use => use.Owner.Split('+')[0] == $"CocoonPool.Architecture.Tests.Purity.Samples.{sample}");
}
