namespace CocoonPool.Engine.Local;

/// <inheritdoc/>
internal sealed class GrainFactory(LocalEngine engine) : IClusterClient
{
    public IServiceProvider ServiceProvider => engine.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Get<TGrainInterface>(primaryKey, grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
        => Get<TGrainInterface>(GrainId.KeyOf(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey
        => Get<TGrainInterface>(GrainId.KeyOf(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable
        => engine.References.Get<TGrainInterface>(new GrainTarget(engine.Directory, engine.Catalog.Resolve(grainId), grainId));

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
        => engine.References.Get<TGrainObserverInterface>(new ObserverTarget(engine, obj));

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
        => ((obj as GrainReference)?.Target as ObserverTarget ?? throw new ArgumentException("Not a reference to an observer.", nameof(obj))).Deleted = true;

    private TGrainInterface Get<TGrainInterface>(string key, string? prefix)
    {
        var grainClass = engine.Catalog.Resolve(typeof(TGrainInterface), prefix);
        return engine.References.Get<TGrainInterface>(new GrainTarget(engine.Directory, grainClass, new GrainId(grainClass.TypeName, key)));
    }
}
