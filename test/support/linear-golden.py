"""Makes shared/learn/linear/golden.json: /usr/bin/python3 test/support/linear-golden.py (scikit-learn 1.2.1)."""
import json
import os

import numpy as np
import sklearn
from sklearn import linear_model as lm
from sklearn import naive_bayes, svm
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.kernel_ridge import KernelRidge

ROWS = 48
# Of predictions, those of every sixth row are kept.
EVERY = 6
rng = np.random.default_rng(5)


def exact(x):
    """Multiples of 1/64, so that float32 holds them."""
    return np.round(np.asarray(x) * 64) / 64


x = exact(rng.normal(size=(ROWS, 4)) @ np.array([[1, .4, 0, 0], [0, 1, 0, .3], [0, 0, 1.5, 0], [0, 0, 0, .7]]))
x[:, 2] += 3
noise = rng.normal(size=ROWS)
y = exact(2 + 1.5 * x[:, 0] - 2 * x[:, 1] + .25 * x[:, 2] + noise)
y[7] += 12
positive = exact(np.exp(.3 + .4 * x[:, 0] - .3 * x[:, 3] + .4 * noise)) + 1 / 64
counts = np.floor(positive)
binary = (y > np.median(y)).astype(float)
binary[[3, 10, 30]] = 1 - binary[[3, 10, 30]]
classes = np.digitize(x[:, 0] + .5 * x[:, 2] + noise, [.8, 2.2]).astype(float)
weights = exact(.5 + rng.integers(0, 4, ROWS))

results = {}


def linear(name, target, model, weighted=False):
    model.fit(x, target, **({'sample_weight': weights} if weighted else {}))
    results[name] = {
        'coefficients': np.atleast_2d(model.coef_).tolist(),
        'intercepts': np.atleast_1d(model.intercept_).tolist(),
    }


for w in (False, True):
    suffix = ' weighted' if w else ''
    linear('linear-regression' + suffix, y, lm.LinearRegression(), w)
    linear('ridge' + suffix, y, lm.Ridge(alpha=2.5), w)
    linear('logistic-regression' + suffix, binary, lm.LogisticRegression(C=.7, tol=1e-12, max_iter=10000, solver='newton-cg'), w)
    linear('logistic-regression multiclass' + suffix, classes, lm.LogisticRegression(C=.7, tol=1e-12, max_iter=10000, solver='newton-cg'), w)
linear('logistic-regression balanced', binary,
       lm.LogisticRegression(C=.7, tol=1e-12, max_iter=10000, solver='newton-cg', class_weight='balanced'))

linear('lasso', y, lm.Lasso(alpha=.2, tol=1e-14, max_iter=100000))
linear('lasso weighted', y, lm.Lasso(alpha=.2, tol=1e-14, max_iter=100000), True)
linear('elastic-net', y, lm.ElasticNet(alpha=.3, l1_ratio=.4, tol=1e-14, max_iter=100000))
linear('elastic-net weighted', y, lm.ElasticNet(alpha=.3, l1_ratio=.4, tol=1e-14, max_iter=100000), True)
linear('bayesian-ridge', y, lm.BayesianRidge())
linear('ard-regression', y, lm.ARDRegression())
linear('ard-regression pruned', y, lm.ARDRegression(threshold_lambda=2))
linear('orthogonal-matching-pursuit', y, lm.OrthogonalMatchingPursuit(n_nonzero_coefs=2, normalize=False))
linear('least-angle-regression', y, lm.Lars(n_nonzero_coefs=3, normalize=False))
linear('least-angle-regression full', y, lm.Lars(normalize=False))
for w in (False, True):
    suffix = ' weighted' if w else ''
    linear('huber' + suffix, y, lm.HuberRegressor(alpha=.01, max_iter=10000, tol=1e-12), w)
    linear('poisson-regression' + suffix, counts, lm.PoissonRegressor(alpha=.1, tol=1e-12, max_iter=10000), w)
    linear('gamma-regression' + suffix, positive, lm.GammaRegressor(alpha=.1, tol=1e-12, max_iter=10000), w)
    linear('tweedie-regression' + suffix, counts, lm.TweedieRegressor(alpha=.1, power=1.5, tol=1e-12, max_iter=10000), w)
    linear('quantile-regression' + suffix, y, lm.QuantileRegressor(quantile=.3, alpha=.05, solver='highs'), w)
    saga = {'solver': 'saga', 'tol': 1e-13, 'max_iter': 1000000}
    linear('lasso-logistic' + suffix, binary, lm.LogisticRegression(C=.7, penalty='l1', **saga), w)
    linear('elastic-net-logistic' + suffix, binary,
           lm.LogisticRegression(C=.7, penalty='elasticnet', l1_ratio=.4, **saga), w)
    linear('elastic-net-logistic multiclass' + suffix, classes,
           lm.LogisticRegression(C=.7, penalty='elasticnet', l1_ratio=.4, **saga), w)


def predicted(name, columns, target, model, weighted=False):
    model.fit(columns, target, **({'sample_weight': weights} if weighted else {}))
    answers = model.predict_proba(columns) if hasattr(model, 'predict_proba') else model.predict(columns)[:, None]
    results[name] = {'predictions': answers[::EVERY].tolist()}


class Centred:
    """A regressor of the target less its mean."""

    def __init__(self, model):
        self.model = model

    def fit(self, columns, target):
        self.mean = target.mean()
        self.model.fit(columns, target - self.mean)

    def predict(self, columns):
        return self.mean + self.model.predict(columns)


low, high = x.min(axis=0), x.max(axis=0)
unit = (x - low) / (high - low)
for target, y_class in (('', binary), (' multiclass', classes)):
    for w in (False, True):
        suffix = target + (' weighted' if w else '')
        predicted('gaussian-naive-bayes' + suffix, x, y_class, naive_bayes.GaussianNB(), w)
        predicted('multinomial-naive-bayes' + suffix, unit, y_class, naive_bayes.MultinomialNB(alpha=.5), w)
        predicted('complement-naive-bayes' + suffix, unit, y_class, naive_bayes.ComplementNB(alpha=.5), w)
        predicted('bernoulli-naive-bayes' + suffix, x, y_class, naive_bayes.BernoulliNB(binarize=.25), w)
    predicted('complement-naive-bayes normed' + target, unit, y_class, naive_bayes.ComplementNB(norm=True))
    predicted('linear-discriminant' + target, x, y_class, LinearDiscriminantAnalysis())
    predicted('quadratic-discriminant' + target, x, y_class, QuadraticDiscriminantAnalysis())
    predicted('quadratic-discriminant regularised' + target, x, y_class, QuadraticDiscriminantAnalysis(reg_param=.3))
edges = np.quantile(x, [.25, .5, .75], axis=0, method='inverted_cdf')
cut = np.stack([np.searchsorted(edges[:, j], x[:, j], side='left') for j in range(4)], axis=1)
predicted('categorical-naive-bayes', cut, binary, naive_bayes.CategoricalNB())
predicted('categorical-naive-bayes multiclass', cut, classes, naive_bayes.CategoricalNB())

for w in (False, True):
    suffix = ' weighted' if w else ''
    exact_svc = {'tol': 1e-9, 'max_iter': 1000000}
    linear('linear-svc margins' + suffix, binary, svm.LinearSVC(C=.5, **exact_svc), w)
    linear('linear-svc margins hinge' + suffix, binary, svm.LinearSVC(C=.5, loss='hinge', **exact_svc), w)
    linear('linear-svc margins multiclass' + suffix, classes, svm.LinearSVC(C=.5, **exact_svc), w)
    linear('linear-svr' + suffix, y, svm.LinearSVR(C=.5, epsilon=.2, **exact_svc), w)
    linear('linear-svr squared' + suffix, y,
           svm.LinearSVR(C=.5, epsilon=.2, loss='squared_epsilon_insensitive', dual=False, **exact_svc), w)
    for kernel in ('rbf', 'poly', 'sigmoid'):
        given = {'kernel': kernel, 'C': 2, 'degree': 2, 'coef0': .5, 'tol': 1e-10}
        predicted(f'kernel-svr {kernel}' + suffix, x, y, svm.SVR(epsilon=.2, **given), w)
        # A sigmoid kernel is not positive definite: the classifier then has several local optima.
        if kernel == 'sigmoid':
            continue
        model = svm.SVC(**given).fit(x, binary, sample_weight=weights if w else None)
        results[f'kernel-svc margins {kernel}' + suffix] = {
            'predictions': model.decision_function(x)[::EVERY, None].tolist()}
predicted('kernel-ridge rbf', x, y, Centred(KernelRidge(kernel='rbf', alpha=.5, gamma=1 / (4 * x.var()))))
predicted('kernel-ridge poly', x, y,
          Centred(KernelRidge(kernel='poly', alpha=.5, gamma=1 / (4 * x.var()), coef0=.5, degree=2)))

sgd = {'shuffle': False, 'max_iter': 7, 'tol': None}
for w in (False, True):
    suffix = ' weighted' if w else ''
    for loss in ('squared_error', 'huber', 'epsilon_insensitive', 'squared_epsilon_insensitive'):
        linear(f'sgd-regressor {loss}{suffix}', y, lm.SGDRegressor(loss=loss, **sgd), w)
    for loss in ('hinge', 'log_loss', 'modified_huber', 'squared_hinge', 'perceptron'):
        # At the default rate the curved losses are chaotic: rounding decides where they go.
        rate = {'learning_rate': 'constant', 'eta0': .01} if loss in ('modified_huber', 'squared_hinge') else {}
        linear(f'sgd-classifier {loss}{suffix}', binary, lm.SGDClassifier(loss=loss, alpha=.01, **rate, **sgd), w)
linear('sgd-regressor elastic-net', y, lm.SGDRegressor(penalty='elasticnet', l1_ratio=.6, alpha=.05, **sgd))
linear('sgd-regressor l1', y, lm.SGDRegressor(penalty='l1', alpha=.05, **sgd))
linear('sgd-regressor average', y, lm.SGDRegressor(average=True, **sgd))
linear('sgd-regressor constant', y, lm.SGDRegressor(learning_rate='constant', **sgd))
linear('sgd-classifier multiclass', classes, lm.SGDClassifier(alpha=.01, **sgd))
linear('sgd-regressor stopped', y, lm.SGDRegressor(shuffle=False, tol=.01, max_iter=1000))
linear('perceptron', binary, lm.Perceptron(**sgd))
linear('passive-aggressive-classifier', binary, lm.PassiveAggressiveClassifier(C=.3, **sgd))
linear('passive-aggressive-classifier pa2', binary,
       lm.PassiveAggressiveClassifier(C=.3, loss='squared_hinge', **sgd))
linear('passive-aggressive-regressor', y, lm.PassiveAggressiveRegressor(C=.3, **sgd))
linear('passive-aggressive-regressor pa2', y,
       lm.PassiveAggressiveRegressor(C=.3, loss='squared_epsilon_insensitive', **sgd))

path = os.path.join(os.path.dirname(__file__), '../../shared/learn/linear/golden.json')
with open(path, 'w') as file:
    json.dump({
        'source': f'scikit-learn {sklearn.__version__}, test/support/linear-golden.py',
        'data': {'x': x.tolist(), 'y': y.tolist(), 'positive': positive.tolist(), 'counts': counts.tolist(),
                 'binary': binary.tolist(), 'classes': classes.tolist(), 'weights': weights.tolist()},
        'results': results,
    }, file)
