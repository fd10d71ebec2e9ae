using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace CocoonPool.Engine.Local;

/// <summary>
/// The base class of grains. The engine makes it inside its activation, runs its methods one turn at a time and
/// lets go of it when it is idle; persist what must survive.
/// </summary>
public abstract class Grain : IGrainBase
{
    protected Grain()
        : this(Receiver.Current as Activation)
    {
    }

    protected Grain(IGrainContext? grainContext) => GrainContext = grainContext!;

    // A grain made by hand, in a unit test, has no context; members that need one say so.
    [AllowNull]
    public IGrainContext GrainContext { get; }

    public string IdentityString => GrainContext.GrainId.ToString();

    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    protected IServiceProvider ServiceProvider => Context.ActivationServices;

    internal IGrainContext Context => GrainContext ?? throw new InvalidOperationException("The grain was not made by the engine.");

    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once its running requests have ended; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <inheritdoc cref="GrainBaseExtensions.MigrateOnIdle"/>
    protected void MigrateOnIdle() => GrainBaseExtensions.MigrateOnIdle(this);

    /// <summary>Keeps the activation for at least this long, however idle; a negative time takes that back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => ((Activation)Context).DelayDeactivation(timeSpan);
}
