using System.Reflection;
using CocoonPool.Architecture.Tests.Wire.Samples;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;

namespace CocoonPool.Architecture.Tests.Wire;

public class WireTests
{
    private static readonly Type[] Interfaces = Assembly.Load("CocoonPool.Grains.Interfaces").GetTypes();

    [Fact]
    public void GrainInterfaces_AreThereToBeWalked() => Interfaces.Count(WireRule.IsGrainInterface).ShouldBeGreaterThan(3);

    [Fact]
    public void EverythingThatCrossesAGrainCall_IsAPrimitiveADomainValueOrAnImmutableRecord() =>
        WireRule.Violations(Interfaces, Interfaces).ShouldBeEmpty();

    [Fact]
    public void Rule_ShownAGoodInterface_HasNothingToSay() => WireRule.Violations([typeof(IGoodGrain)], []).ShouldBeEmpty();

    [Theory]
    [InlineData(typeof(INoAliasGrain), "INoAliasGrain has no [Alias]")]
    [InlineData(typeof(INoMethodAliasGrain), "Do has no [Alias]")]
    [InlineData(typeof(ISameMethodAliasGrain), "has the method alias 'Do' twice")]
    [InlineData(typeof(IBadGrain<PlainClass>), "PlainClass is no record")]
    [InlineData(typeof(IBadGrain<List<int>>), "List`1 is no record")]
    [InlineData(typeof(IBadGrain<object>), "Object is no record")]
    [InlineData(typeof(IBadGrain<Unsealed>), "Unsealed is not sealed")]
    [InlineData(typeof(IBadGrain<NoSerializer>), "NoSerializer has no [GenerateSerializer]")]
    [InlineData(typeof(IBadGrain<NoAlias>), "NoAlias has no [Alias]")]
    [InlineData(typeof(IBadGrain<BorrowedAlias>), "has the alias 'sample.Good'")]
    [InlineData(typeof(IBadGrain<NoId>), "NoId.Second has no [Id]")]
    [InlineData(typeof(IBadGrain<SameId>), "SameId.Second has the [Id(0)] of another member")]
    [InlineData(typeof(IBadGrain<Changeable>), "Changeable.Value can be changed")]
    [InlineData(typeof(IBadGrain<DeepInside>), "NoSerializer has no [GenerateSerializer]")]
    [InlineData(typeof(IBadGrain<RevenueLine>), "RevenueLine is a class of the Domain")]
    [InlineData(typeof(IBadGrain<Nanotons>), "Nanotons is a value of the Domain without a registered converter")]
    public void Rule_ShownAnInterfaceWithOneFault_ReportsThatOne(Type contract, string expected) =>
        WireRule.Violations([contract], []).ShouldHaveSingleItem().ShouldContain(expected);
}
