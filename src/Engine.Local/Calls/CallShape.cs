using System.Collections.Concurrent;
using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>What the engine needs to know of one interface method, found once.</summary>
internal abstract class CallShape
{
    private static readonly ConcurrentDictionary<MethodInfo, CallShape> Known = new();

    private readonly bool[] _immutable;

    protected CallShape(MethodInfo method)
    {
        Method = method;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        InterfaceName = method.DeclaringType!.GetCustomAttribute<InterfaceNameAttribute>()?.Name ?? method.DeclaringType!.FullName!;
        var parameters = method.GetParameters();
        _immutable = [.. parameters.Select(p => p.ParameterType == typeof(CancellationToken) || p.IsDefined(typeof(ImmutableAttribute)))];
        TokenIndex = Array.FindIndex(parameters, p => p.ParameterType == typeof(CancellationToken));
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);
        ResultIsImmutable = method.ReturnParameter.IsDefined(typeof(ImmutableAttribute));
        Timeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>() ?? method.DeclaringType!.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout;
    }

    public MethodInfo Method { get; }

    /// <summary>The full name of the interface, as Orleans gives it to filters.</summary>
    public string InterfaceName { get; }

    /// <summary>The method's name, with the names of its type parameters if it has any.</summary>
    public string MethodName => Method.IsGenericMethod
        ? $"{Method.Name}<{string.Join(',', Method.GetGenericMethodDefinition().GetGenericArguments().Select(a => a.Name))}>"
        : Method.Name;

    public int TokenIndex { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public bool OneWay { get; }

    public bool ResultIsImmutable { get; }

    public TimeSpan? Timeout { get; }

    public static CallShape Of(MethodInfo method) => Known.GetOrAdd(method, static m => Make(m));

    /// <summary>Sends a call and returns what the interface method returns.</summary>
    public abstract object? Send(LocalEngine engine, CallTarget target, object?[] arguments);

    /// <summary>Interface and method for messages.</summary>
    public string Name { get; }

    public override string ToString() => Name;

    protected object?[] Isolate(DeepCopier copier, object?[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++) arguments[i] = copier.Copy(arguments[i], _immutable[i]);
        return arguments;
    }

    private static CallShape Make(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task) || type == typeof(ValueTask) || type == typeof(void)) return new CallShape<Nothing>(method);
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var shape = generic == typeof(Task<>) || generic == typeof(ValueTask<>) ? typeof(CallShape<>)
            : generic == typeof(IAsyncEnumerable<>) ? typeof(EnumerableShape<>)
            : throw new NotSupportedException($"{method.DeclaringType}.{method.Name} returns {type}, which cannot cross a call.");
        return (CallShape)Activator.CreateInstance(shape.MakeGenericType(type.GetGenericArguments()), method)!;
    }
}

/// <summary>What filters see of an interface of the engine itself: the name that Orleans gives to its own.</summary>
[AttributeUsage(AttributeTargets.Interface)]
internal sealed class InterfaceNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>The shape of a method with one result.</summary>
internal sealed class CallShape<TResult>(MethodInfo method) : CallShape(method)
{
    private readonly MethodInvoker _invoker = MethodInvoker.Create(method);
    private readonly bool _valueTask = method.ReturnType == typeof(ValueTask) || method.ReturnType == typeof(ValueTask<TResult>);

    public override object? Send(LocalEngine engine, CallTarget target, object?[] arguments)
    {
        var call = new Call<TResult>(engine, this, Isolate(engine.Copier, arguments));
        call.Send(target);
        if (Method.ReturnType == typeof(void)) return null;
        if (OneWay) return _valueTask ? default(ValueTask) : Task.CompletedTask;
        if (!_valueTask) return call.Task;
        return Method.ReturnType == typeof(ValueTask) ? new ValueTask(call.Task) : new ValueTask<TResult>(call.Task);
    }

    public ValueTask<TResult> InvokeAsync(object target, object?[] arguments) => _invoker.Invoke(target, arguments.AsSpan()) switch
    {
        Task<TResult> typed => new ValueTask<TResult>(typed),
        Task plain => AwaitAsync(plain),
        ValueTask<TResult> typed => typed,
        ValueTask plain => AwaitAsync(plain.AsTask()),
        _ => default,
    };

    private static ValueTask<TResult> AwaitAsync(Task plain)
    {
        return plain.IsCompletedSuccessfully ? default : Slow(plain);

        static async ValueTask<TResult> Slow(Task task)
        {
            await task;
            return default!;
        }
    }
}
