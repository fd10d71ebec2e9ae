namespace CocoonPool.Engine.Local;

/// <summary>Says that a type may cross a grain call or be grain state; <see cref="DeepCopier"/> refuses classes without it, as Orleans does.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;

/// <summary>The wire number of a member; never reused. The local engine does not serialize calls, Orleans does.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Class
    | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method)]
public sealed class IdAttribute(uint id) : Attribute
{
    public uint Id { get; } = id;
}

/// <summary>The stable wire name of a type or method; renames of the CLR name stay free because of it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct | AttributeTargets.Enum
    | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    public string Alias { get; } = alias;
}

/// <summary>Promises that nobody changes the value after it was handed over, so that it crosses a call without a copy.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property
    | AttributeTargets.Parameter | AttributeTargets.ReturnValue, Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

/// <summary>Registers an <see cref="IConverter{TValue,TSurrogate}"/> for a type that cannot carry attributes itself.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class RegisterConverterAttribute : Attribute;

/// <summary>Converts between a foreign value and a surrogate that may cross calls.</summary>
public interface IConverter<TValue, TSurrogate> where TSurrogate : struct
{
    TValue ConvertFromSurrogate(in TSurrogate surrogate);

    TSurrogate ConvertToSurrogate(in TValue value);
}

/// <summary>The stable name of a grain class, the first half of its <see cref="GrainId"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    public string GrainType { get; } = grainType;
}

/// <summary>Requests of this grain interleave at every await.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>The method runs at any await of any other request of the grain.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The method changes nothing, so it interleaves with other read-only requests.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The caller does not wait: the returned task is already complete and failures are only logged.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>Several activations of one identity may run side by side, at most <see cref="MaxLocalWorkers"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    public StatelessWorkerAttribute() => MaxLocalWorkers = Environment.ProcessorCount;

    public StatelessWorkerAttribute(int maxLocalWorkers) => MaxLocalWorkers = maxLocalWorkers;

    public int MaxLocalWorkers { get; }
}

/// <summary>Placement is a cluster's concern: one process has one place.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferLocalPlacementAttribute : Attribute;

/// <inheritdoc cref="PreferLocalPlacementAttribute"/>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomPlacementAttribute : Attribute;

/// <summary>How long a caller of this method waits for the response, in <see cref="TimeSpan.Parse(string)"/> syntax.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout);
}

/// <summary>How long an activation of this class may be idle before it is deactivated.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CollectionAgeLimitAttribute : Attribute
{
    private readonly TimeSpan? _age;

    public CollectionAgeLimitAttribute()
    {
    }

    public CollectionAgeLimitAttribute(string inactivityPeriod) => _age = TimeSpan.Parse(inactivityPeriod);

    public double Days { get; set; }

    public double Hours { get; set; }

    public double Minutes { get; set; }

    public bool AlwaysActive { get; set; }

    internal TimeSpan Age => AlwaysActive
        ? Timeout.InfiniteTimeSpan
        : _age ?? TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
}

/// <summary>Injects the state named <paramref name="stateName"/>. The name is part of the storage key, so no two grain classes may share it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    public string StateName { get; } = stateName;

    public string? StorageName { get; } = storageName;
}
