using System.Collections.Immutable;

namespace CocoonPool.Engine.Contract;

[GenerateSerializer, Alias("contract.Box")]
public sealed class Box
{
    [Id(0)]
    public int Value { get; set; }

    [Id(1)]
    public List<Box> Inner { get; set; } = [];
}

[GenerateSerializer, Immutable, Alias("contract.Note")]
public sealed record Note([property: Id(0)] string Text, [property: Id(1)] ImmutableArray<int> Numbers);

[GenerateSerializer, Alias("contract.Mixed")]
public sealed record Mixed([property: Id(0)] string Text, [property: Id(1)] int[] Numbers, [property: Id(2)] Foreign Foreign);

/// <summary>A type that cannot carry the engine's attributes.</summary>
public readonly record struct Foreign(long Amount);

[GenerateSerializer, Alias("contract.ForeignSurrogate")]
public struct ForeignSurrogate
{
    [Id(0)]
    public long Amount { get; set; }
}

[RegisterConverter]
public sealed class ForeignConverter : IConverter<Foreign, ForeignSurrogate>
{
    public Foreign ConvertFromSurrogate(in ForeignSurrogate surrogate) => new(surrogate.Amount);

    public ForeignSurrogate ConvertToSurrogate(in Foreign value) => new() { Amount = value.Amount };
}

public sealed class Unmarked
{
    public int Value { get; set; }
}

public interface IIsolationGrain : IGrainWithStringKey
{
    Task Keep(Box box, int[] numbers, Dictionary<string, List<int>> lists);

    Task<int> Change();

    Task<Box> Box();

    Task<int[]> Numbers();

    Task<Dictionary<string, List<int>>> Lists();

    Task<Mixed> Echo(Mixed mixed);

    Task<Note> EchoNote(Note note);

    Task<object?> EchoAny(object? any);

    Task<IReadOnlyList<string>> EchoList(IReadOnlyList<string> list);

    Task<IEnumerable<int>> Query();
}

// On the caller's silo, where nothing but the engine's copying keeps caller and grain apart.
[PreferLocalPlacement]
public sealed class IsolationGrain : Grain, IIsolationGrain
{
    private Box _box = new();
    private int[] _numbers = [];
    private Dictionary<string, List<int>> _lists = [];

    public Task Keep(Box box, int[] numbers, Dictionary<string, List<int>> lists)
    {
        (_box, _numbers, _lists) = (box, numbers, lists);
        return Task.CompletedTask;
    }

    public Task<int> Change()
    {
        _box.Inner[0].Value = -1;
        _numbers[0] = -1;
        _lists["a"].Add(-1);
        return Task.FromResult(_box.Inner[0].Value);
    }

    public Task<Box> Box() => Task.FromResult(_box);

    public Task<int[]> Numbers() => Task.FromResult(_numbers);

    public Task<Dictionary<string, List<int>>> Lists() => Task.FromResult(_lists);

    public Task<Mixed> Echo(Mixed mixed) => Task.FromResult(mixed);

    public Task<Note> EchoNote(Note note) => Task.FromResult(note);

    public Task<object?> EchoAny(object? any) => Task.FromResult(any);

    public Task<IReadOnlyList<string>> EchoList(IReadOnlyList<string> list) => Task.FromResult(list);

    public Task<IEnumerable<int>> Query() => Task.FromResult(Enumerable.Range(0, 3).Select(i => i * 2));
}

public sealed class IsolationTests(EngineFixture engine)
{
    private readonly IIsolationGrain _grain = engine.Grains.GetGrain<IIsolationGrain>($"isolation-{Guid.NewGuid()}");

    [Fact]
    public async Task Arguments_ChangedByTheCallerAfterwards_StayAsTheyWereSent()
    {
        var box = new Box { Inner = { new Box { Value = 7 } } };
        int[] numbers = [1, 2];
        var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal) { ["a"] = [1] };
        await _grain.Keep(box, numbers, lists);

        box.Inner[0].Value = 8;
        numbers[0] = 8;
        lists["a"].Add(8);

        (await _grain.Box()).Inner[0].Value.ShouldBe(7);
        (await _grain.Numbers()).ShouldBe([1, 2]);
        (await _grain.Lists())["a"].ShouldBe([1]);
    }

    [Fact]
    public async Task Arguments_ChangedByTheGrain_StayAsTheCallerHasThem()
    {
        var box = new Box { Inner = { new Box { Value = 7 } } };
        int[] numbers = [1, 2];
        var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal) { ["a"] = [1] };
        await _grain.Keep(box, numbers, lists);

        (await _grain.Change()).ShouldBe(-1);

        box.Inner[0].Value.ShouldBe(7);
        numbers.ShouldBe([1, 2]);
        lists["a"].ShouldBe([1]);
    }

    [Fact]
    public async Task Results_ChangedByTheCaller_StayAsTheGrainHasThem()
    {
        await _grain.Keep(new Box { Value = 1 }, [1], []);

        (await _grain.Box()).Value = 2;
        (await _grain.Numbers())[0] = 2;

        (await _grain.Box()).Value.ShouldBe(1);
        (await _grain.Numbers()).ShouldBe([1]);
    }

    [Fact]
    public async Task Record_ThatHoldsSomethingChangeable_IsCopied()
    {
        var mixed = new Mixed("text", [1, 2], new Foreign(5));

        var back = await _grain.Echo(mixed);

        back.ShouldNotBeSameAs(mixed);
        back.Numbers.ShouldNotBeSameAs(mixed.Numbers);
        back.Numbers.ShouldBe([1, 2]);
        back.Foreign.ShouldBe(new Foreign(5));
    }

    [Fact]
    public async Task ImmutableRecord_IsNotCopied()
    {
        var note = new Note("text", [1, 2]);

        (await _grain.EchoNote(note)).ShouldBeSameAs(note);
    }

    [Fact]
    public async Task SequencesWithoutANameOfTheirOwn_ArriveAsLists()
    {
        (await _grain.EchoList(["a", "b"])).ShouldBe(["a", "b"]);
        (await _grain.EchoList(["a"])).ShouldBe(["a"]);
        (await _grain.Query()).ShouldBeOfType<List<int>>().ShouldBe([0, 2, 4]);
    }

    [Fact]
    public async Task CollectionsOfTheFramework_CrossTheCall()
    {
        object[] values =
        [
            new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }, new SortedDictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 },
            new HashSet<string>(StringComparer.Ordinal) { "a" }, new Queue<int>([1]), new List<int> { 1 }.AsReadOnly(), ImmutableList.Create(1), (1, "two"), DayOfWeek.Friday,
            new Uri("http://localhost"), (UInt128)3,
        ];
        foreach (var value in values) (await _grain.EchoAny(value)).ShouldBe(value);
    }

    [Fact]
    public async Task CircularObjects_KeepTheirShape()
    {
        var box = new Box();
        box.Inner.Add(box);

        var back = (Box?)await _grain.EchoAny(box);

        back.ShouldNotBeSameAs(box);
        back!.Inner[0].ShouldBeSameAs(back);
    }

    [Fact]
    public async Task ObjectOfAnUnmarkedClass_IsRefused()
        => await Should.ThrowAsync<Exception>(async () => await _grain.EchoAny(new Unmarked()));
}
