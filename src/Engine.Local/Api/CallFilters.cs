using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Runs around every request to a grain. Register with <c>services.AddSingleton&lt;IIncomingGrainCallFilter, …&gt;()</c>; a grain
/// class may also implement it for itself. Timer ticks pass as <c>IGrainTimerInvoker</c>, and the steps of a stream as
/// <c>Orleans.Runtime.IAsyncEnumerableGrainExtension</c>, whose first step has the <see cref="IInvokable"/> of the method as
/// its second argument.
/// </summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>One request on its way into a grain.</summary>
public interface IIncomingGrainCallContext
{
    IInvokable Request { get; }

    object Grain { get; }

    /// <summary>The calling grain; of type <c>sys.client</c> when the call comes from outside grains.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

    /// <summary>The full name of the interface.</summary>
    string InterfaceName { get; }

    string MethodName { get; }

    MethodInfo InterfaceMethod { get; }

    MethodInfo ImplementationMethod { get; }

    IGrainContext TargetContext { get; }

    /// <summary>What the caller will get; set after <see cref="Invoke"/> by the method, or by the filter instead of it.</summary>
    object? Result { get; set; }

    /// <summary>Runs the rest of the filters and then the method. Failures of the method surface here.</summary>
    Task Invoke();
}

/// <summary>The arguments of a request.</summary>
public interface IInvokable
{
    int GetArgumentCount();

    object? GetArgument(int index);

    void SetArgument(int index, object? value);

    string GetMethodName();

    string GetInterfaceName();

    MethodInfo GetMethod();
}
