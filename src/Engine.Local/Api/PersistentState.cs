namespace CocoonPool.Engine.Local;

/// <summary>
/// A named piece of a grain's state. It is read before <see cref="Grain.OnActivateAsync"/>; writing and clearing are explicit.
/// </summary>
/// <remarks>After a failed write memory is ahead of storage: deactivate, or write again.</remarks>
public interface IPersistentState<TState>
{
    TState State { get; set; }

    string? Etag { get; }

    /// <summary>Whether storage holds a value, rather than <see cref="State"/> being a fresh one.</summary>
    bool RecordExists { get; }

    Task ReadStateAsync();

    /// <exception cref="InconsistentStateException">Another writer came first. If it leaves the grain, the activation ends.</exception>
    Task WriteStateAsync();

    /// <exception cref="InconsistentStateException">As for writing.</exception>
    Task ClearStateAsync();

    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();

    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();
}

/// <summary>What a storage provider reads into and writes from.</summary>
public interface IGrainState<T>
{
    T State { get; set; }

    string? ETag { get; set; }

    bool RecordExists { get; set; }
}

/// <summary>A place for grain state. Register under a name with keyed services, or without one as the default.</summary>
public interface IGrainStorage
{
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <exception cref="InconsistentStateException">The record is not at <see cref="IGrainState{T}.ETag"/>.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="WriteStateAsync{T}"/>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
