using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Local;

/// <summary>Anything a call can be addressed to: grains, observers and references to either.</summary>
[SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification = "A marker, as in Orleans.")]
public interface IAddressable;

/// <summary>A grain contract; every method returns a task, a value task, an async enumerable or, for one-way calls, nothing.</summary>
public interface IGrain : IAddressable;

/// <inheritdoc cref="IGrain"/>
public interface IGrainWithStringKey : IGrain;

/// <inheritdoc cref="IGrain"/>
public interface IGrainWithIntegerKey : IGrain;

/// <inheritdoc cref="IGrain"/>
public interface IGrainWithGuidKey : IGrain;

/// <summary>A callback contract implemented outside grains; calls to it are best effort.</summary>
public interface IGrainObserver : IAddressable;

/// <summary>What a grain class must offer the engine. Deriving from <see cref="Grain"/> is the usual way.</summary>
public interface IGrainBase : IAddressable
{
    IGrainContext GrainContext { get; }

    Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>One activation as its grain and the call filters see it.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    object? GrainInstance { get; }

    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation is gone.</summary>
    Task Deactivated { get; }

    /// <summary>Starts no further request, lets the running ones end, then removes the activation.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}

/// <summary>Makes references to grains and observers. Safe on any thread; making a reference calls nobody.</summary>
public interface IGrainFactory
{
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey;

    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithIntegerKey;

    TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithGuidKey;

    /// <summary>A reference to the grain of an identity that was seen before, for example in a filter or a reminder row.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable;

    /// <summary>Makes <paramref name="obj"/> callable by grains. The engine holds it weakly: the caller keeps it alive.</summary>
    TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver;

    /// <summary>Takes back a reference made by <see cref="CreateObjectReference{T}"/>.</summary>
    void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver;
}

/// <summary>The grain factory of code outside grains.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}

/// <summary>Why an activation ends.</summary>
public enum DeactivationReasonCode : byte
{
    None,
    ShuttingDown,
    ActivationFailed,
    DirectoryFailure,
    ActivationIdle,
    ActivationUnresponsive,
    DuplicateActivation,
    IncompatibleRequest,
    ApplicationError,
    ApplicationRequested,
    Migrating,
    RuntimeRequested,
    HighMemoryPressure,
}

/// <inheritdoc cref="DeactivationReasonCode"/>
public readonly record struct DeactivationReason(DeactivationReasonCode ReasonCode, Exception? Exception, string Description)
{
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }
}
