namespace CocoonPool.Engine.Local;

/// <summary>What a grain or a reference knows about its own identity.</summary>
public static class GrainExtensions
{
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.Target.GrainId,
        IGrainBase activation => activation.GrainContext.GrainId,
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain)),
    };

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key;

    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetGrainId().TryGetInteger(out var key, out _)
        ? key
        : throw new InvalidOperationException($"{grain.GetGrainId()} has no integer key.");

    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetGrainId().TryGetGuid(out var key, out _)
        ? key
        : throw new InvalidOperationException($"{grain.GetGrainId()} has no GUID key.");

    /// <summary>A reference to the same target through another of its interfaces; from a grain, a reference to itself.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.Engine.References.Get<TGrainInterface>(reference.Target),
        IGrainBase { GrainContext: Activation own } => own.Engine.References.Get<TGrainInterface>(own.Target),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one.", nameof(grain)),
    };

    /// <inheritdoc cref="AsReference{T}"/>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();
}

/// <summary>What a grain can ask of its activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends this activation once its running requests have ended.</summary>
    public static void DeactivateOnIdle(this IGrainBase grain) => grain.GrainContext.Deactivate(
        new DeactivationReason(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    /// <summary>Moves the activation to where the call's placement hint says. One process has nowhere to move to, so it only ends here.</summary>
    public static void MigrateOnIdle(this IGrainBase grain) => grain.DeactivateOnIdle();

    /// <summary>
    /// Calls back in the grain's own turns after <see cref="GrainTimerCreationOptions.DueTime"/> and then one
    /// <see cref="GrainTimerCreationOptions.Period"/> after each callback has ended, until the timer or the activation ends.
    /// </summary>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
        => ((Activation)grain.GrainContext).RegisterTimer(token => callback(state, token), options);

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
        => grain.RegisterGrainTimer((held, _) => callback(held), state, options);

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
        => ((Activation)grain.GrainContext).RegisterTimer(callback, options);

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
        => ((Activation)grain.GrainContext).RegisterTimer(_ => callback(), options);

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
        => grain.RegisterGrainTimer(callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer<TState>(this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
        => grain.RegisterGrainTimer(callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period)
        => grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));

    /// <inheritdoc cref="RegisterGrainTimer{TState}(IGrainBase,Func{TState,CancellationToken,Task},TState,GrainTimerCreationOptions)"/>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period)
        => grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));
}
