using System.Diagnostics.CodeAnalysis;

namespace CocoonPool.Engine.Local;

/// <summary>One request on its way to a receiver. It ends once: with a result, a failure, a time-out or a cancellation.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing to free.")]
internal abstract class Call(LocalEngine engine, CallShape shape, object?[] arguments) : IInvokable
{
    private CancellationTokenSource? _cancellation;
    private CancellationTokenRegistration _callerToken;

    public LocalEngine Engine { get; } = engine;

    public CallShape Shape { get; } = shape;

    public object?[] Arguments { get; } = arguments;

    public bool AlwaysInterleave { get; init; } = shape.AlwaysInterleave;

    public bool ReadOnly => Shape.ReadOnly;

    /// <summary>Whether the call belongs to one activation, as a timer tick does, and must not reach the next one.</summary>
    public bool DiesWithActivation { get; init; }

    /// <summary>Whether serving the call counts as use of the activation.</summary>
    public bool KeepsAlive { get; init; } = true;

    public CallTarget? Target { get; private set; }

    /// <summary>The receiver in whose turn the call was made; null when it comes from outside.</summary>
    public Receiver? Source { get; init; } = Receiver.Current;

    public Receiver? Receiver { get; set; }

    public IReadOnlyDictionary<string, object>? Context { get; private set; }

    public Deadline Deadline { get; } = new();

    public abstract bool IsCompleted { get; }

    public abstract bool TryFail(Exception exception);

    /// <summary>Invokes the call on the receiver, in one of its turns. Never throws.</summary>
    public abstract Task RunAsync(Receiver receiver);

    /// <summary>Sends the call: from here on it can time out and be cancelled.</summary>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled before.</exception>
    public void Send(CallTarget target)
    {
        Target = target;
        Context = RequestContext.Values;
        FollowCallerToken();
        if (!Shape.OneWay) Engine.Deadlines.Add(this, Shape.Timeout ?? Engine.Options.ResponseTimeout);
        if (Engine.Transit is { } transit) transit.Carry(this, isResponse: false, () => Target.Receive(this));
        else target.Receive(this);
    }

    /// <summary>Called when the deadline passed.</summary>
    public void TimeOut(TimeSpan after)
    {
        if (TryFail(new TimeoutException(Describe(after)))) CancelCallee();
    }

    public int GetArgumentCount() => Arguments.Length;

    public object? GetArgument(int index) => Arguments[index];

    public void SetArgument(int index, object? value) => Arguments[index] = value;

    public string GetMethodName() => Shape.MethodName;

    public string GetInterfaceName() => Shape.InterfaceName;

    public System.Reflection.MethodInfo GetMethod() => Shape.Method;

    public override string ToString() => $"{Shape} to {Target?.GrainId}{(Source is null ? "" : $" from {Source.GrainId}")}";

    protected abstract void Cancel(CancellationToken token);

    protected void Completed()
    {
        Deadline.Remove();
        _callerToken.Dispose();
    }

    // A token of the caller must not run callee code on the caller's thread, so the callee gets one of its own that is
    // cancelled in its own turns. The caller itself does not wait for the callee to notice.
    private void FollowCallerToken()
    {
        if (Shape.TokenIndex < 0 || Arguments[Shape.TokenIndex] is not CancellationToken { CanBeCanceled: true } token) return;
        token.ThrowIfCancellationRequested();
        _cancellation = new CancellationTokenSource();
        Arguments[Shape.TokenIndex] = _cancellation.Token;
        _callerToken = token.UnsafeRegister(static (call, token) =>
        {
            ((Call)call!).Cancel(token);
            ((Call)call).CancelCallee();
        }, this);
    }

    private void CancelCallee()
    {
        if (_cancellation is not null) Receiver?.Post(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
    }

    private string Describe(TimeSpan after)
    {
        var text = $"Response did not arrive on time in {after} for call {this}. The receiver is {Receiver?.Occupation ?? "not found"}.";
        var cycle = CallCycle.Find(this);
        return cycle is null ? text : $"{text} The grains wait for each other: {cycle}.";
    }
}

/// <summary>A call with a result of one type; <see cref="Nothing"/> when there is none.</summary>
internal class Call<TResult>(LocalEngine engine, CallShape<TResult> shape, object?[] arguments) : Call(engine, shape, arguments)
{
    private readonly TaskCompletionSource<TResult> _completion = new(engine.Completions);

    public Task<TResult> Task => _completion.Task;

    public override bool IsCompleted => _completion.Task.IsCompleted;

    public override bool TryFail(Exception exception)
    {
        var first = exception is OperationCanceledException cancelled && cancelled.CancellationToken.IsCancellationRequested
            ? _completion.TrySetCanceled(cancelled.CancellationToken)
            : _completion.TrySetException(exception);
        if (first) Completed();
        return first;
    }

    public override async Task RunAsync(Receiver receiver)
    {
        RequestContext.Values = Context;
        try
        {
            var result = IncomingCall<TResult>.Applies(receiver)
                ? await new IncomingCall<TResult>(this, receiver).RunAsync()
                : await InvokeAsync(receiver);
            Respond(Engine.Copier.Copy(result, Shape.ResultIsImmutable), failure: null);
        }
        catch (Exception failure)
        {
            Engine.CallFailed(this, failure);
            if (failure is InconsistentStateException { IsSourceActivation: true } stale && receiver is Activation activation)
            {
                stale.IsSourceActivation = false;
                activation.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, failure, failure.Message));
            }

            Respond(default!, failure);
        }
    }

    /// <summary>The method itself, without the filters.</summary>
    public virtual ValueTask<TResult> InvokeAsync(Receiver receiver) => shape.InvokeAsync(receiver.Instance!, Arguments);

    protected override void Cancel(CancellationToken token)
    {
        if (_completion.TrySetCanceled(token)) Completed();
    }

    private void Respond(TResult result, Exception? failure)
    {
        // A tick of a timer was sent by nobody, so there is nobody to answer.
        if (Engine.Transit is { } transit && Target is not null) transit.Carry(this, isResponse: true, () => End(result, failure));
        else End(result, failure);
    }

    private void End(TResult result, Exception? failure)
    {
        if (failure is not null) TryFail(failure);
        else if (_completion.TrySetResult(result)) Completed();
    }
}

/// <summary>A call that runs engine code in a receiver's turn: a timer tick, a step of an enumeration.</summary>
internal sealed class EngineCall<TResult>(
    LocalEngine engine, CallShape<TResult> shape, object?[] arguments, Func<Activation, object?[], ValueTask<TResult>> body)
    : Call<TResult>(engine, shape, arguments)
{
    public override ValueTask<TResult> InvokeAsync(Receiver receiver) => body((Activation)receiver, Arguments);
}

/// <summary>The result of a method that returns none.</summary>
internal readonly record struct Nothing;
