using System.Reflection;

namespace CocoonPool.Engine.Local;

/// <summary>A call going through the filters: those of the services in order, then the grain's own, then the method.</summary>
internal sealed class IncomingCall<TResult>(Call<TResult> call, Receiver receiver) : IIncomingGrainCallContext
{
    // Orleans gives every caller outside grains an identity of this type.
    private static readonly GrainId Outside = new("sys.client", "local");

    private int _next;

    public IInvokable Request => call;

    public object Grain => receiver.Instance!;

    public GrainId? SourceId => call.Source?.GrainId ?? Outside;

    public GrainId TargetId => receiver.GrainId;

    public string InterfaceName => call.Shape.InterfaceName;

    public string MethodName => call.Shape.MethodName;

    public MethodInfo InterfaceMethod => call.Shape.Method;

    public MethodInfo ImplementationMethod
    {
        get
        {
            var declaring = InterfaceMethod.DeclaringType!;
            if (!declaring.IsInstanceOfType(Grain)) return InterfaceMethod;
            var map = Grain.GetType().GetInterfaceMap(declaring);
            var wanted = InterfaceMethod.IsGenericMethod ? InterfaceMethod.GetGenericMethodDefinition() : InterfaceMethod;
            return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, wanted)];
        }
    }

    public IGrainContext TargetContext => (IGrainContext)receiver;

    public object? Result { get; set; }

    public static bool Applies(Receiver receiver) => receiver is Activation && (receiver.Engine.Filters.Length > 0 || receiver.Instance is IIncomingGrainCallFilter);

    public async ValueTask<TResult> RunAsync()
    {
        await Invoke();
        return Result is null || typeof(TResult) == typeof(Nothing) ? default! : (TResult)Result;
    }

    public async Task Invoke()
    {
        var filters = receiver.Engine.Filters;
        var at = _next++;
        if (at < filters.Length)
        {
            await filters[at].Invoke(this);
        }
        else if (at == filters.Length && Grain is IIncomingGrainCallFilter own)
        {
            await own.Invoke(this);
        }
        else
        {
            var result = await call.InvokeAsync(receiver);
            Result = result is Nothing ? null : result;
        }
    }
}
