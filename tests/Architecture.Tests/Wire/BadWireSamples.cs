namespace CocoonPool.Architecture.Tests.Wire.Samples;

// Interfaces that break one rule each, to show that the checker sees it; and a good one to show that it lets good ones pass.

[GenerateSerializer, Alias("sample.Good")]
public sealed record Good([property: Id(0)] string Name, [property: Id(1)] Good[]? Children)
{
    public int Length => Name.Length;
}

[Alias("sample.IGoodGrain")]
public interface IGoodGrain : IGrainWithStringKey
{
    [Alias("Do")]
    Task<IReadOnlyList<Good?>> Do(Good good, int? count, CancellationToken cancellationToken);
}

[Alias("sample.INoMethodAliasGrain")]
public interface INoMethodAliasGrain : IGrainWithStringKey
{
    Task Do();
}

public interface INoAliasGrain : IGrainWithStringKey
{
    [Alias("Do")]
    Task Do();
}

[Alias("sample.ISameMethodAliasGrain")]
public interface ISameMethodAliasGrain : IGrainWithStringKey
{
    [Alias("Do")]
    Task Do();

    [Alias("Do")]
    Task DoAgain();
}

[GenerateSerializer, Alias("sample.PlainClass")]
public sealed class PlainClass;

[GenerateSerializer, Alias("sample.Unsealed")]
public record Unsealed([property: Id(0)] int Value);

[Alias("sample.NoSerializer")]
public sealed record NoSerializer([property: Id(0)] int Value);

[GenerateSerializer]
public sealed record NoAlias([property: Id(0)] int Value);

[GenerateSerializer, Alias("sample.Good")]
public sealed record BorrowedAlias([property: Id(0)] Good Value);

[GenerateSerializer, Alias("sample.NoId")]
public sealed record NoId([property: Id(0)] int First, int Second);

[GenerateSerializer, Alias("sample.SameId")]
public sealed record SameId([property: Id(0)] int First, [property: Id(0)] int Second);

[GenerateSerializer, Alias("sample.Changeable")]
public sealed record Changeable
{
    [Id(0)]
    public int Value { get; set; }
}

[GenerateSerializer, Alias("sample.DeepInside")]
public sealed record DeepInside([property: Id(0)] NoSerializer[] Inner);

[Alias("sample.IBadGrain")]
public interface IBadGrain<T> : IGrainWithStringKey
{
    [Alias("Do")]
    Task<T> Do();
}
