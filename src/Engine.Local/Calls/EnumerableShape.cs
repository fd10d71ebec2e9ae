using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>The shape of a method that returns a stream. Nothing is sent until somebody enumerates.</summary>
internal sealed class EnumerableShape<T>(MethodInfo method) : CallShape(method)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);

    public override object? Send(LocalEngine engine, CallTarget target, object?[] arguments)
        => new RemoteEnumerable<T>(engine, target, this, Isolate(engine.Copier, arguments));

    public IAsyncEnumerable<T> Invoke(object target, object?[] arguments) => (IAsyncEnumerable<T>)_invoker.Invoke(target, arguments.AsSpan())!;
}

/// <summary>Options of a stream that a grain returned.</summary>
public static class AsyncEnumerableExtensions
{
    /// <summary>How many elements one step brings at most, if the grain has them ready; 100 unless said otherwise.</summary>
    public static IAsyncEnumerable<T> WithBatchSize<T>(this IAsyncEnumerable<T> self, int maxBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBatchSize);
        if (self is RemoteEnumerable<T> remote) remote.BatchSize = maxBatchSize;
        return self;
    }
}

/// <summary>The caller's side of a stream: pulls batches with calls that interleave with the grain's other requests.</summary>
internal sealed class RemoteEnumerable<T>(LocalEngine engine, CallTarget target, EnumerableShape<T> shape, object?[] arguments) : IAsyncEnumerable<T>
{
    public int BatchSize { get; set; } = 100;

    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var own = shape.TokenIndex >= 0 && arguments[shape.TokenIndex] is CancellationToken given ? given : default;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(own, cancellationToken);
        var token = both.Token;
        var id = engine.NextId();
        var started = false;
        var ended = false;
        try
        {
            while (!ended)
            {
                token.ThrowIfCancellationRequested();
                Batch<T> batch;
                if (started)
                {
                    batch = await Ask<Batch<T>>(nameof(IAsyncEnumerableGrainExtension.MoveNext), [id, token], a => a.Enumerations.MoveNextAsync<T>(id));
                }
                else
                {
                    started = true;
                    batch = await Ask<Batch<T>>(
                        nameof(IAsyncEnumerableGrainExtension.StartEnumeration), [id, new StreamRequest(shape, arguments), token], a => a.Enumerations.StartAsync(id, shape, arguments, BatchSize));
                }

                if (batch.Missing)
                {
                    ended = true;
                    throw new EnumerationAbortedException(
                        "The grain does not know this enumeration: it was deactivated, or the enumeration was idle for too long.");
                }

                ended = batch.Ended;
                foreach (var element in batch.Elements) yield return element;
            }
        }
        finally
        {
            // The grain must not keep running a stream that nobody reads, whatever the reader's own fate was.
            if (started && !ended) await Ask<Nothing>(nameof(IAsyncEnumerableGrainExtension.DisposeAsync), [id], a => a.Enumerations.DisposeAsync(id));
        }
    }

    private Task<TResult> Ask<TResult>(string step, object?[] stepArguments, Func<Activation, ValueTask<TResult>> body)
    {
        var stepShape = (CallShape<TResult>)CallShape.Of(typeof(IAsyncEnumerableGrainExtension).GetMethod(step)!.MakeGenericMethodIfOpen(typeof(T)));
        var call = new EngineCall<TResult>(engine, stepShape, stepArguments, (activation, _) => body(activation));
        call.Send(target);
        return call.Task;
    }
}

/// <summary>The method that a stream began with, for call filters.</summary>
internal sealed class StreamRequest(CallShape shape, object?[] arguments) : IInvokable
{
    public int GetArgumentCount() => arguments.Length;

    public object? GetArgument(int index) => arguments[index];

    public void SetArgument(int index, object? value) => arguments[index] = value;

    public string GetMethodName() => shape.MethodName;

    public string GetInterfaceName() => shape.InterfaceName;

    public MethodInfo GetMethod() => shape.Method;
}

/// <summary>What call filters see of a stream; the names are those of Orleans.</summary>
[InterfaceName("Orleans.Runtime.IAsyncEnumerableGrainExtension")]
internal interface IAsyncEnumerableGrainExtension : IAddressable
{
    [AlwaysInterleave]
    ValueTask<Batch<T>> StartEnumeration<T>(Guid requestId, IInvokable request, CancellationToken cancellationToken);

    [AlwaysInterleave]
    ValueTask<Batch<T>> MoveNext<T>(Guid requestId, CancellationToken cancellationToken);

    [AlwaysInterleave]
    ValueTask DisposeAsync(Guid requestId);
}

/// <summary>What one step of an enumeration brought. An empty batch that neither ended nor is missing means: ask again.</summary>
[Immutable]
internal sealed record Batch<T>(IReadOnlyList<T> Elements, bool Ended = false, bool Missing = false);

/// <summary>Reflection on the step methods.</summary>
internal static class StepMethods
{
    public static MethodInfo MakeGenericMethodIfOpen(this MethodInfo method, Type element)
        => method.IsGenericMethodDefinition ? method.MakeGenericMethod(element) : method;
}
