using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>
/// Runs around every request to a grain, timer ticks and enumeration steps included. Register with
/// <c>services.AddSingleton&lt;IIncomingGrainCallFilter, …&gt;()</c>; a grain class may also implement it for itself.
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

    /// <summary>The calling grain, or null when the call comes from outside grains.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }

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
