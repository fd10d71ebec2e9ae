using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Local;

/// <summary>A state that is injected into a grain's constructor and read before the grain activates.</summary>
internal abstract class StateFacet
{
    /// <exception cref="InvalidOperationException">There is no storage of that name and no default one.</exception>
    public static StateFacet Create(Type state, Activation activation, string stateName, string? storageName)
    {
        var services = activation.Engine.Services;
        var storage = (storageName is null ? null : services.GetKeyedService<IGrainStorage>(storageName)) ?? services.GetService<IGrainStorage>()
            ?? throw new InvalidOperationException($"There is no grain storage '{storageName}' for state '{stateName}' of {activation.GrainId}.");
        return (StateFacet)Activator.CreateInstance(typeof(StateFacet<>).MakeGenericType(state), activation, stateName, storage)!;
    }

    public abstract Task SetUpAsync();
}

/// <inheritdoc/>
internal sealed class StateFacet<T>(Activation activation, string stateName, IGrainStorage storage) : StateFacet, IPersistentState<T>, IGrainState<T>
{
    private Task _last = Task.CompletedTask;
    private bool _read;

    public T State { get; set; } = Fresh();

    public string? Etag => ETag;

    public string? ETag { get; set; }

    public bool RecordExists
    {
        get => _read ? field : throw new InvalidOperationException("The state has not been read yet.");
        set;
    }

    public override Task SetUpAsync() => ReadStateAsync();

    public Task ReadStateAsync() => InOrderAsync("read", async () =>
    {
        await storage.ReadStateAsync(stateName, activation.GrainId, this);
        _read = true;
    });

    public Task WriteStateAsync() => InOrderAsync("write", () => storage.WriteStateAsync(stateName, activation.GrainId, this));

    public Task ClearStateAsync() => InOrderAsync("clear", () => storage.ClearStateAsync(stateName, activation.GrainId, this));

    internal static T Fresh() => typeof(T).IsValueType ? default!
        : typeof(T).GetConstructor(Type.EmptyTypes) is null ? (T)RuntimeHelpers.GetUninitializedObject(typeof(T))
        : Activator.CreateInstance<T>();

    // Requests that interleave may use the state at once; their operations queue, or the second would meet the first one's ETag.
    private Task InOrderAsync(string what, Func<Task> operation)
    {
        if (Receiver.Current != activation) throw new InvalidOperationException($"State '{stateName}' of {activation.GrainId} was used outside its grain.");
        return _last = AfterAsync(_last);

        async Task AfterAsync(Task previous)
        {
            await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            try
            {
                await operation();
            }
            catch (Exception failure) when (failure is not OrleansException)
            {
                throw new OrleansException($"Could not {what} state '{stateName}' of {activation.GrainId}: {failure.Message}", failure);
            }
        }
    }
}
